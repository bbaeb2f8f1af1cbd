/**
 * What the polkadot-api tests share: a client without the legacy RPC, accounts, and plain promises for its streams.
 */

import { sr25519CreateDerive } from "@polkadot-labs/hdkd";
import { DEV_PHRASE, entropyToMiniSecret, mnemonicToEntropy, ss58Address } from "@polkadot-labs/hdkd-helpers";
import { modern } from "@polkadot-api/ws-middleware";
import { createClient } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsRawProvider, SocketEvents } from "polkadot-api/ws";
import WebSocket from "ws";

import { RUN, SS58_PREFIX, within } from "./network.js";

/**
 * Transactions live for 256 blocks: the library's own 64 are 16 s at Plume's pace, which a busy machine can miss.
 */
export const MORTALITY = { mortality: { mortal: true, period: 256 } };

/**
 * Connect to one node. The library's usual provider falls back to the legacy RPC; this one cannot.
 *
 * @param {string} address
 * @returns {{ client: import("polkadot-api").PolkadotClient, called: Set<string> }} `called` grows by every RPC method
 * that goes over the wire
 */
export function connect(address) {
  const called = new Set();
  const provider = getWsRawProvider(address, {
    websocketClass: WebSocket,
    middleware: modern,
    logger: (event) => {
      if (event.type === SocketEvents.OUT) called.add(JSON.parse(event.msg).method);
    },
  });
  return { client: createClient(provider), called };
}

const derive = sr25519CreateDerive(entropyToMiniSecret(mnemonicToEntropy(DEV_PHRASE)));

/**
 * A development account.
 *
 * @param {string} path such as `//Bob`
 */
export function account(path) {
  const { publicKey, sign } = derive(path);
  return {
    publicKey,
    address: ss58Address(publicKey, SS58_PREFIX),
    signer: getPolkadotSigner(publicKey, "Sr25519", sign),
  };
}

/**
 * An account that has never been used on this network.
 *
 * @param {string} name
 */
export function freshAccount(name) {
  return account(`//Bob//papi-${RUN}//${name}`);
}

/**
 * The payloads of the events of one kind.
 *
 * @param {{ type: string, value: { type: string, value: any } }[]} events
 * @param {string} pallet
 * @param {string} name
 * @returns {any[]}
 */
export function eventsOf(events, pallet, name) {
  return events.filter(({ type, value }) => type === pallet && value.type === name).map(({ value }) => value.value);
}

/**
 * The first values of a stream that a condition holds for.
 *
 * @template T
 * @param {{ subscribe: (observer: object) => { unsubscribe: () => void } }} stream
 * @param {number} count
 * @param {string} what names the wait in the error
 * @param {(value: T) => boolean} [condition]
 * @returns {Promise<T[]>}
 */
export async function first(stream, count, what, condition = () => true) {
  const values = [];
  let subscription;
  try {
    await within(
      new Promise((resolve, reject) => {
        subscription = stream.subscribe({
          next: (value) => {
            if (values.length < count && condition(value)) values.push(value);
            if (values.length === count) resolve();
          },
          error: reject,
          complete: () => reject(new Error(`the stream of ${what} ended early`)),
        });
      }),
      what,
    );
  } finally {
    subscription?.unsubscribe();
  }
  return values;
}
