/**
 * What a light wallet does with `polkadot-api`, against a running network, through the new JSON-RPC only: no generated
 * descriptors, no legacy methods. Everything is paid by //Bob; `polkadot-js.test.js` uses //Alice, so that both files
 * can run at once.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { ed25519 } from "@polkadot-labs/hdkd-helpers";
import { withMetadataHash } from "polkadot-api/signer";
import { toHex } from "polkadot-api/utils";

import { endpoint, PLUME, TIMEOUT_MS, TOKEN, within } from "./support/network.js";
import { account, connect, eventsOf, first, freshAccount, MORTALITY } from "./support/papi.js";

/** What a client of the new JSON-RPC may call, and GRANDPA's own stream. */
const NEW_METHODS = /^(chainHead|chainSpec|archive|transaction)_v1_|^grandpa_(un)?subscribeJustifications$/;

describe("polkadot-api", { timeout: 8 * TIMEOUT_MS }, () => {
  /** @type {import("polkadot-api").PolkadotClient} */
  let client;
  /** @type {Set<string>} */
  let called;
  let api;
  const bob = account("//Bob");

  before(async () => {
    ({ client, called } = connect(endpoint(1)));
    api = client.getUnsafeApi();
    await within(client.getFinalizedBlock(), `a connection to ${endpoint(1)}`);
  });

  after(() => client?.destroy());

  const transfer = (payee, value) =>
    api.tx.Balances.transfer_keep_alive({ dest: { type: "Id", value: payee.address }, value });

  const free = async (who, at) => (await api.query.System.Account.getValue(who.address, { at })).data.free;

  test("a transfer is finalised and its events decode", { timeout: TIMEOUT_MS }, async () => {
    const payee = freshAccount("transfer-payee");

    const result = await within(
      transfer(payee, 2n * PLUME).signAndSubmit(bob.signer, MORTALITY),
      "the transfer's finality",
    );

    assert.ok(result.ok, `the transfer failed: ${JSON.stringify(result.dispatchError)}`);
    assert.deepEqual(eventsOf(result.events, "Balances", "Transfer"), [
      { from: bob.address, to: payee.address, amount: 2n * PLUME },
    ]);
    const [fee] = eventsOf(result.events, "TransactionPayment", "TransactionFeePaid");
    assert.equal(fee.who, bob.address);
    assert.ok(fee.actual_fee > 0n);
    assert.equal(await free(payee, result.block.hash), 2n * PLUME);
  });

  test("finalised blocks arrive one by one, without gaps", { timeout: TIMEOUT_MS }, async () => {
    const blocks = await first(client.finalizedBlock$, 20, "20 finalised blocks");
    for (const [index, block] of blocks.entries()) {
      if (index === 0) continue;
      assert.equal(block.number, blocks[index - 1].number + 1);
      assert.equal(block.parent, blocks[index - 1].hash);
    }
  });

  test("a runtime call answers through the archive", { timeout: TIMEOUT_MS }, async () => {
    const height = await client._request("archive_v1_finalizedHeight", []);
    const [hash, ...forks] = await client._request("archive_v1_hashByHeight", [height]);
    assert.deepEqual(forks, [], "a final height has one block");

    const answer = await client._request("archive_v1_call", [hash, "Core_version", "0x"]);
    assert.equal(answer.success, true, answer.error);
    const { spec_name: name } = await api.constants.System.Version();
    const version = Buffer.from(answer.value.slice(2), "hex");
    assert.equal(version[0], name.length << 2, "the version starts with the length of the runtime's name");
    assert.equal(version.toString("utf8", 1, 1 + name.length), name);

    const header = await client._request("archive_v1_header", [hash]);
    assert.match(header, /^0x[0-9a-f]+$/);
    const body = await client._request("archive_v1_body", [hash]);
    assert.ok(body.length >= 1, "every block sets the time");
  });

  test("a transaction reaches a block by transaction_v1_broadcast", { timeout: TIMEOUT_MS }, async () => {
    const payee = freshAccount("broadcast-payee");
    const signed = await transfer(payee, PLUME).sign(bob.signer, MORTALITY);

    const operation = await client._request("transaction_v1_broadcast", [toHex(signed)]);
    assert.equal(typeof operation, "string", "the node has no room for another broadcast");
    await first(
      api.query.System.Account.watchValue(payee.address, { at: "finalized" }),
      1,
      "the payment's finality",
      ({ value }) => value.data.free === PLUME,
    );
    // Once the transaction is final, the node forgets the operation by itself and may refuse to stop it.
    await client._request("transaction_v1_stop", [operation]).catch(() => {});
  });

  test("a transfer signed with the metadata hash is accepted", { timeout: TIMEOUT_MS }, async () => {
    const payee = freshAccount("hash-payee");
    const result = await within(
      transfer(payee, PLUME).signAndSubmit(withMetadataHash(TOKEN, bob.signer), MORTALITY),
      "the transfer's finality",
    );
    assert.ok(result.ok, `the transfer failed: ${JSON.stringify(result.dispatchError)}`);
    assert.equal(await free(payee, result.block.hash), PLUME);
  });

  test("a justification carries the signatures of two thirds of the validators", { timeout: TIMEOUT_MS }, async () => {
    const [raw] = await first(
      client._subscribe("grandpa_subscribeJustifications", "grandpa_unsubscribeJustifications", []),
      1,
      "a justification",
    );
    assert.match(raw, /^0x[0-9a-f]+$/, "a justification arrives raw: SCALE in hexadecimal");

    const justification = decodeJustification(raw);
    const canonical = await client._request("archive_v1_hashByHeight", [justification.number]);
    assert.ok(canonical.includes(justification.hash), "it justifies a block that the node does not know");

    const authorities = await api.apis.GrandpaApi.grandpa_authorities({ at: "finalized" });
    const set = await api.apis.GrandpaApi.current_set_id({ at: "finalized" });
    const known = new Set(authorities.map(([key]) => (typeof key === "string" ? key : toHex(key))));
    const signers = new Set();
    for (const vote of justification.precommits) {
      assert.ok(known.has(toHex(vote.id)), "a stranger's vote");
      const message = signedMessage(vote, justification.round, set);
      assert.ok(ed25519.verify(vote.signature, message, vote.id), "a forged vote");
      signers.add(toHex(vote.id));
    }
    const needed = known.size - Math.floor((known.size - 1) / 3);
    assert.ok(signers.size >= needed, `${signers.size} of ${known.size} validators signed, ${needed} are needed`);
  });

  test("nothing was asked through the legacy RPC", { timeout: TIMEOUT_MS }, async () => {
    await api.query.System.Number.getValue({ at: "best" });
    assert.ok(called.has("chainHead_v1_follow"));
    assert.ok(called.has("chainHead_v1_storage"));
    assert.deepEqual(
      [...called].filter((method) => !NEW_METHODS.test(method)),
      [],
    );
  });
});

/**
 * Decode GRANDPA's `Justification`: a round, the commit's target, its precommits. The headers that may follow are left.
 *
 * @param {string} raw SCALE in hexadecimal
 */
function decodeJustification(raw) {
  const bytes = Buffer.from(raw.slice(2), "hex");
  const number = bytes.readUInt32LE(40);
  assert.equal(bytes[44] & 0b11, 0, "at most 63 precommits are expected");
  const count = bytes[44] >> 2;
  const precommits = Array.from({ length: count }, (_, index) => {
    const vote = bytes.subarray(45 + 132 * index, 45 + 132 * (index + 1));
    return { target: vote.subarray(0, 36), signature: vote.subarray(36, 100), id: vote.subarray(100, 132) };
  });
  return { round: bytes.readBigUInt64LE(0), hash: toHex(bytes.subarray(8, 40)), number, precommits };
}

/**
 * What a validator signs when it precommits: the vote, its round and the set of validators.
 *
 * @param {{ target: Uint8Array }} vote
 * @param {bigint} round
 * @param {bigint} set
 * @returns {Uint8Array}
 */
function signedMessage(vote, round, set) {
  const context = Buffer.alloc(16);
  context.writeBigUInt64LE(round, 0);
  context.writeBigUInt64LE(set, 8);
  return Buffer.concat([Buffer.of(1), vote.target, context]);
}
