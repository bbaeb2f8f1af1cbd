/**
 * Zombienet script: the node finalises more blocks, counted from now.
 *
 * In a test: `alice: js-script ./finality-grows.js with "20" within 60 seconds`.
 */

/** A node refreshes its height metric every 5 s, so looking more often than this tells nothing more. */
const POLL_MS = 1_000;

/**
 * @param {string} node the node's name
 * @param {{ nodesByName: Record<string, { prometheusUri: string }> }} network
 * @param {string[]} args how many blocks
 * @returns {Promise<number>} by how many it grew; Zombienet ends the wait when it takes too long
 */
async function run(node, network, [wanted]) {
  const { prometheusUri } = network.nodesByName[node];
  const start = await finalisedHeight(prometheusUri);
  for (;;) {
    const grown = (await finalisedHeight(prometheusUri)) - start;
    if (grown >= Number(wanted)) return grown;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * @param {string} uri of the node's metrics
 * @returns {Promise<number>}
 */
async function finalisedHeight(uri) {
  const metrics = await (await fetch(uri)).text();
  const line = metrics.match(/^substrate_block_height\{[^}]*status="finalized"[^}]*\} (\d+)$/m);
  if (line === null) throw new Error(`${uri} reports no finalised height`);
  return Number(line[1]);
}

module.exports = { run };
