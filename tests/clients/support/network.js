/**
 * Where the network under test is, and what both clients take for granted about it.
 */

/** The address prefix of Plume accounts. */
export const SS58_PREFIX = 5335;

/** What the runtime's metadata hash is computed with; the runtime's build script states the same two. */
export const TOKEN = { decimals: 18, tokenSymbol: "PLUME" };

/** One PLUME in planck. */
export const PLUME = 10n ** 18n;

/** The longest a single test may take. */
export const TIMEOUT_MS = 60_000;

/**
 * The longest a single wait inside a test may take: shorter than a test, so that the error names the wait.
 */
const WAIT_MS = 45_000;

/** Marks the accounts of this run, so that a second run on the same network finds them unused. */
export const RUN = Date.now().toString(36);

/** The WebSocket addresses of the network's nodes. Without a network the tests end here, with what to do instead. */
const ENDPOINTS = (process.env.PLUME_WS ?? "")
  .split(",")
  .map((address) => address.trim())
  .filter((address) => address !== "");
if (ENDPOINTS.length === 0) {
  throw new Error(
    "PLUME_WS is not set, so there is no network to test: run scripts/test, which starts four validators and lists their WebSocket addresses there.",
  );
}

/**
 * The address of the node with this index; a network with fewer nodes serves several indices with one node.
 *
 * @param {number} index from zero
 * @returns {string}
 */
export function endpoint(index) {
  return ENDPOINTS[index % ENDPOINTS.length];
}

/**
 * Wait for something, but not for ever.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what names the wait in the error
 * @returns {Promise<T>}
 */
export async function within(promise, what) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${WAIT_MS / 1000} s for ${what}`)), WAIT_MS);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
