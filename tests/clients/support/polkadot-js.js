/**
 * What the polkadot-js tests share: a connection, accounts, and a transaction followed to its finality.
 */

import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { cryptoWaitReady } from "@polkadot/util-crypto";

import { RUN, SS58_PREFIX, within } from "./network.js";

/**
 * @typedef {import("@polkadot/api/types").SubmittableExtrinsic<"promise">} Transaction
 * @typedef {import("@polkadot/keyring/types").KeyringPair} Account
 *
 * @typedef {object} Finalised
 * @property {string} blockHash the finalised block that holds the transaction
 * @property {string} parentHash that block's parent
 * @property {import("@polkadot/types/interfaces").EventRecord[]} events the transaction's own events
 * @property {string | undefined} error why the call failed, as `pallet.Error`; undefined when it succeeded
 */

/**
 * Connect, or fail: no retries that would keep the process alive.
 *
 * @param {string} address
 * @returns {Promise<ApiPromise>}
 */
export async function connect(address) {
  const provider = new WsProvider(address);
  try {
    return await within(
      ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true }),
      `a connection to ${address}`,
    );
  } catch (error) {
    await provider.disconnect();
    throw new Error(`no node answers at ${address}`, { cause: error });
  }
}

/**
 * A way to derive development accounts: `account("//Alice")` is the well-known one, `account.fresh("payee")` has
 * never been used on this network.
 *
 * @returns {Promise<((path: string) => Account) & { fresh: (name: string) => Account }>}
 */
export async function accounts() {
  await cryptoWaitReady();
  const keyring = new Keyring({ type: "sr25519", ss58Format: SS58_PREFIX });
  const account = (path) => keyring.createFromUri(path);
  return Object.assign(account, { fresh: (name) => account(`//Alice//pjs-${RUN}//${name}`) });
}

/**
 * Sign with the account's next nonce, submit, and wait for finality.
 *
 * @param {ApiPromise} api
 * @param {Transaction} transaction
 * @param {Account} signer
 * @param {object} [options] of polkadot-js' signing, such as a metadata hash
 * @returns {Promise<Finalised>}
 */
export async function finalise(api, transaction, signer, options = {}) {
  await transaction.signAsync(signer, { nonce: -1, ...options });
  return finaliseSigned(api, transaction);
}

/**
 * Submit a signed transaction and wait for finality.
 *
 * @param {ApiPromise} api
 * @param {Transaction} transaction
 * @returns {Promise<Finalised>}
 */
export async function finaliseSigned(api, transaction) {
  const result = await within(watch(transaction), `the finality of ${transaction.hash.toHex()}`);
  const blockHash = result.status.asFinalized.toHex();
  const { parentHash } = await api.rpc.chain.getHeader(blockHash);
  return {
    blockHash,
    parentHash: parentHash.toHex(),
    events: result.events,
    error: result.dispatchError && nameOf(api, result.dispatchError),
  };
}

/**
 * @param {Transaction} transaction
 * @returns {Promise<import("@polkadot/types/types").ISubmittableResult>} its last state: finalised
 */
function watch(transaction) {
  return new Promise((resolve, reject) => {
    let settled = false;
    let unsubscribe = () => {};
    const settle = (finish, value) => {
      settled = true;
      unsubscribe();
      finish(value);
    };
    transaction
      .send((result) => {
        if (settled) return;
        if (result.internalError) {
          settle(reject, result.internalError);
        } else if (result.status.isFinalized) {
          settle(resolve, result);
        } else if (result.isError) {
          settle(reject, new Error(`the pool gave the transaction up: ${result.status.type}`));
        }
      })
      .then((stop) => {
        unsubscribe = stop;
        if (settled) stop();
      }, reject);
  });
}

/**
 * A dispatch error as a person writes it.
 *
 * @param {ApiPromise} api
 * @param {import("@polkadot/types/interfaces").DispatchError} error
 * @returns {string}
 */
export function nameOf(api, error) {
  if (!error.isModule) return error.toString();
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}

/**
 * The data of the events of one kind.
 *
 * @param {import("@polkadot/types/interfaces").EventRecord[]} events
 * @param {string} section as polkadot-js spells it: lower camel case
 * @param {string} method
 * @returns {any[]}
 */
export function eventsOf(events, section, method) {
  return events
    .filter(({ event }) => event.section === section && event.method === method)
    .map(({ event }) => event.data);
}

/**
 * What an account can spend or have held, in planck.
 *
 * @param {ApiPromise} api
 * @param {string} address
 * @param {string} blockHash
 * @returns {Promise<bigint>}
 */
export async function freeBalance(api, address, blockHash) {
  const { query } = await api.at(blockHash);
  const { data } = await query.system.account(address);
  return data.free.toBigInt();
}
