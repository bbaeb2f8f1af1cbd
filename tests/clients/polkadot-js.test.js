/**
 * What a wallet or an exchange does with `@polkadot/api`, against a running network. Everything is paid by //Alice;
 * `papi.test.js` uses //Bob, so that both files can run at once.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { merkleizeMetadata } from "@polkadot-api/merkleize-metadata";
import { createKeyMulti, encodeAddress, sortAddresses } from "@polkadot/util-crypto";

import { endpoint, PLUME, SS58_PREFIX, TIMEOUT_MS, TOKEN, within } from "./support/network.js";
import { accounts, connect, eventsOf, finalise, finaliseSigned, freeBalance } from "./support/polkadot-js.js";

/** `Metadata_metadata_at_version(15)`: the version that RFC 78 hashes. */
const METADATA_V15 = "0x0f000000";

describe("polkadot-js", { timeout: 8 * TIMEOUT_MS }, () => {
  /** @type {import("@polkadot/api").ApiPromise} */
  let api;
  let account;
  let alice;

  before(async () => {
    api = await connect(endpoint(0));
    account = await accounts();
    alice = account("//Alice");
  });

  after(() => api?.disconnect());

  /** Give accounts something to pay fees and deposits with. */
  async function fund(...addresses) {
    const transfers = addresses.map((address) => api.tx.balances.transferKeepAlive(address, 1_000n * PLUME));
    const { error } = await finalise(api, api.tx.utility.batchAll(transfers), alice);
    assert.equal(error, undefined, "//Alice could not fund the test's accounts");
  }

  test("a transfer is finalised and its events decode", { timeout: TIMEOUT_MS }, async () => {
    const payee = account.fresh("transfer-payee").address;

    const { blockHash, error, events } = await finalise(
      api,
      api.tx.balances.transferKeepAlive(payee, 3n * PLUME),
      alice,
    );

    assert.equal(error, undefined);
    const [transfer] = eventsOf(events, "balances", "Transfer");
    assert.equal(transfer.from.toString(), alice.address);
    assert.equal(transfer.to.toString(), payee);
    assert.equal(transfer.amount.toBigInt(), 3n * PLUME);
    assert.equal(eventsOf(events, "system", "ExtrinsicSuccess").length, 1);
    assert.equal(await freeBalance(api, payee, blockHash), 3n * PLUME);
    for (const { event } of events) {
      assert.doesNotThrow(() => event.toHuman(), `${event.section}.${event.method} does not decode`);
    }
  });

  test("batch_all is atomic: one failing call rolls back all", { timeout: TIMEOUT_MS }, async () => {
    const payer = account.fresh("batch-payer");
    const payee = account.fresh("batch-payee").address;
    await fund(payer.address);

    const { blockHash, error, events } = await finalise(
      api,
      api.tx.utility.batchAll([
        api.tx.balances.transferKeepAlive(payee, PLUME),
        api.tx.balances.transferKeepAlive(payee, 1_000_000n * PLUME),
      ]),
      payer,
    );

    assert.notEqual(error, undefined, "the second transfer exceeds the payer's balance");
    assert.equal(eventsOf(events, "system", "ExtrinsicFailed").length, 1);
    assert.equal(eventsOf(events, "utility", "BatchCompleted").length, 0);
    assert.equal(await freeBalance(api, payee, blockHash), 0n);
  });

  test("a 2-of-3 multisig executes a transfer on the second approval", { timeout: TIMEOUT_MS }, async () => {
    const signers = ["multisig-a", "multisig-b", "multisig-c"].map(account.fresh);
    const addresses = signers.map(({ address }) => address);
    const multisig = encodeAddress(createKeyMulti(addresses, 2), SS58_PREFIX);
    const payee = account.fresh("multisig-payee").address;
    await fund(...addresses, multisig);

    const call = api.tx.balances.transferKeepAlive(payee, PLUME);
    const { weight } = await call.paymentInfo(addresses[0]);
    const approve = (signer, timepoint) => {
      const others = sortAddresses(
        addresses.filter((address) => address !== signer.address),
        SS58_PREFIX,
      );
      return finalise(api, api.tx.multisig.asMulti(2, others, timepoint, call.method, weight), signer);
    };

    const first = await approve(signers[0], null);
    assert.equal(first.error, undefined);
    assert.equal(eventsOf(first.events, "multisig", "NewMultisig").length, 1);
    assert.equal(await freeBalance(api, payee, first.blockHash), 0n, "one approval must not be enough");

    const { query } = await api.at(first.blockHash);
    const opened = await query.multisig.multisigs(multisig, call.method.hash);
    const second = await approve(signers[1], opened.unwrap().when);
    assert.equal(second.error, undefined);
    const [executed] = eventsOf(second.events, "multisig", "MultisigExecuted");
    assert.ok(executed.result.isOk, `the transfer failed: ${executed.result}`);
    assert.equal(executed.multisig.toString(), multisig);
    assert.equal(await freeBalance(api, payee, second.blockHash), PLUME);
  });

  test("a proxy transfers for its principal and a stranger is refused", { timeout: TIMEOUT_MS }, async () => {
    const principal = account.fresh("proxy-principal");
    const delegate = account.fresh("proxy-delegate");
    const stranger = account.fresh("proxy-stranger");
    const payee = account.fresh("proxy-payee").address;
    await fund(principal.address, delegate.address, stranger.address);

    const added = await finalise(api, api.tx.proxy.addProxy(delegate.address, "Any", 0), principal);
    assert.equal(added.error, undefined);
    const transfer = () =>
      api.tx.proxy.proxy(principal.address, null, api.tx.balances.transferKeepAlive(payee, PLUME));

    const refused = await finalise(api, transfer(), stranger);
    assert.equal(refused.error, "proxy.NotProxy");
    assert.equal(await freeBalance(api, payee, refused.blockHash), 0n);

    const accepted = await finalise(api, transfer(), delegate);
    assert.equal(accepted.error, undefined);
    const [executed] = eventsOf(accepted.events, "proxy", "ProxyExecuted");
    assert.ok(executed.result.isOk, `the transfer failed: ${executed.result}`);
    const [moved] = eventsOf(accepted.events, "balances", "Transfer");
    assert.equal(moved.from.toString(), principal.address);
    assert.equal(await freeBalance(api, payee, accepted.blockHash), PLUME);
  });

  test("the fee paid is the fee quoted, or less where weight was refunded", { timeout: TIMEOUT_MS }, async () => {
    const payee = account.fresh("fee-payee").address;
    const transfer = api.tx.balances.transferKeepAlive(payee, PLUME);
    const advertised = (await transfer.paymentInfo(alice)).partialFee.toBigInt();
    assert.ok(advertised > 0n);

    await transfer.signAsync(alice, { nonce: -1 });
    const { events, parentHash } = await finaliseSigned(api, transfer);

    // The fee follows the load from block to block, so the binding quote is the one of the block it was built on.
    const { call } = await api.at(parentHash);
    const encoded = transfer.toU8a();
    const quote = await call.transactionPaymentApi.queryInfo(encoded, encoded.length);
    const [fee] = eventsOf(events, "transactionPayment", "TransactionFeePaid");
    assert.equal(fee.who.toString(), alice.address);
    assert.equal(fee.tip.toBigInt(), 0n);
    assert.ok(fee.actualFee.toBigInt() > 0n);
    assert.ok(
      fee.actualFee.toBigInt() <= quote.partialFee.toBigInt(),
      `paid ${fee.actualFee} where ${quote.partialFee} had been quoted`,
    );
  });

  test("half of the base fee is burned, and the supply falls by it", { timeout: TIMEOUT_MS }, async () => {
    const payee = account.fresh("burn-payee").address;
    const { blockHash, parentHash } = await finalise(
      api,
      api.tx.balances.transferKeepAlive(payee, PLUME),
      alice,
    );

    const [parent, block] = await Promise.all([api.at(parentHash), api.at(blockHash)]);
    const delta = async (read) => (await read(block.query)).toBigInt() - (await read(parent.query)).toBigInt();
    const burned = await delta((query) => query.fees.totalBurned());
    const issued = await delta((query) => query.balances.totalIssuance());
    assert.ok(burned > 0n, "a paying transaction burned nothing");
    assert.equal(-issued, burned, "the supply fell by something else than what was burned");

    // Other transactions may share the block, so the whole block is added up; each may round by one planck.
    const records = await block.query.system.events();
    const paid = eventsOf(records, "transactionPayment", "TransactionFeePaid");
    const fees = paid.reduce((sum, fee) => sum + fee.actualFee.toBigInt() - fee.tip.toBigInt(), 0n);
    const difference = fees - 2n * burned;
    const tolerance = BigInt(paid.length);
    assert.ok(
      -tolerance <= difference && difference <= tolerance,
      `of ${fees} planck of fees, ${burned} were burned`,
    );
    assert.ok(
      records.some(({ event }) => event.section === "fees"),
      "the fees pallet told nothing of it",
    );
  });

  test("the finality subscription delivers every height without gaps", { timeout: TIMEOUT_MS }, async () => {
    const wanted = 20;
    const observer = await connect(endpoint(3));
    try {
      /** @type {Map<number, { hash: string, parentHash: string }>} */
      const heads = new Map();
      let first = Infinity;
      let next = Infinity;
      let stop = () => {};
      await within(
        new Promise((resolve, reject) => {
          observer.derive.chain
            .subscribeFinalizedHeads((header) => {
              const height = header.number.toNumber();
              if (heads.has(height)) reject(new Error(`height ${height} was delivered twice`));
              heads.set(height, { hash: header.hash.toHex(), parentHash: header.parentHash.toHex() });
              // When several heights become final together, the library fetches the lower ones and may deliver them late.
              if (next === Infinity) next = first = height;
              while (heads.has(next)) next += 1;
              if (next - first >= wanted) resolve();
              if (heads.size >= 3 * wanted) reject(new Error(`height ${next} was skipped`));
            })
            .then((unsubscribe) => {
              stop = unsubscribe;
            }, reject);
        }),
        `${wanted} finalised heights in a row`,
      ).finally(() => stop());

      for (let height = first + 1; height < next; height += 1) {
        assert.equal(heads.get(height).parentHash, heads.get(height - 1).hash);
      }
    } finally {
      await observer.disconnect();
    }
  });

  test("an extrinsic signed with the metadata hash is accepted", { timeout: TIMEOUT_MS }, async () => {
    const payee = account.fresh("hash-payee").address;
    const { error, events } = await finalise(
      api,
      api.tx.balances.transferKeepAlive(payee, PLUME),
      alice,
      { mode: 1, metadataHash: toHex(await metadataHash(api)) },
    );
    assert.equal(error, undefined);
    assert.equal(eventsOf(events, "balances", "Transfer").length, 1);
  });

  test("an extrinsic signed with a wrong metadata hash is refused", { timeout: TIMEOUT_MS }, async () => {
    const payee = account.fresh("wrong-hash-payee").address;
    const wrong = await metadataHash(api);
    wrong[0] ^= 0xff;
    await assert.rejects(
      finalise(api, api.tx.balances.transferKeepAlive(payee, PLUME), alice, {
        mode: 1,
        metadataHash: toHex(wrong),
      }),
      /bad signature/i,
    );
  });

  test("a second asset is created, minted and transferred", { timeout: TIMEOUT_MS }, async () => {
    const issuer = account.fresh("asset-issuer");
    const holder = account.fresh("asset-holder");
    await fund(issuer.address, holder.address);
    const id = Date.now() % 2 ** 31;
    const balanceOf = async ({ address }, blockHash) => {
      const { query } = await api.at(blockHash);
      const held = await query.assets.account(id, address);
      return held.isSome ? held.unwrap().balance.toBigInt() : 0n;
    };

    const created = await finalise(api, api.tx.assets.create(id, issuer.address, 1), issuer);
    assert.equal(created.error, undefined);
    assert.equal(eventsOf(created.events, "assets", "Created").length, 1);

    const minted = await finalise(api, api.tx.assets.mint(id, issuer.address, 1_000), issuer);
    assert.equal(minted.error, undefined);
    assert.equal(await balanceOf(issuer, minted.blockHash), 1_000n);

    const moved = await finalise(api, api.tx.assets.transferKeepAlive(id, holder.address, 400), issuer);
    assert.equal(moved.error, undefined);
    assert.equal(eventsOf(moved.events, "assets", "Transferred").length, 1);
    assert.equal(await balanceOf(issuer, moved.blockHash), 600n);
    assert.equal(await balanceOf(holder, moved.blockHash), 400n);
  });
});

/**
 * The hash of the runtime's metadata, computed from what the node serves, as an offline signer's companion does it.
 *
 * @param {import("@polkadot/api").ApiPromise} api
 * @returns {Promise<Uint8Array>} 32 bytes
 */
async function metadataHash(api) {
  const metadata = await api.rpc.state.call("Metadata_metadata_at_version", METADATA_V15);
  return merkleizeMetadata(metadata.toHex(), TOKEN).digest().slice();
}

/** @param {Uint8Array} bytes */
function toHex(bytes) {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
