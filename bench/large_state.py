#!/usr/bin/env python3
"""Fills a chain specification with accounts, so that storage is measured on a large state.

Usage: bench/large_state.py ACCOUNTS < RAW_SPECIFICATION > LARGER_SPECIFICATION

The specification is one that `plume-node export-chain-spec --raw` wrote. Each account is an entry of System.Account
like one that has received a payment. The same number gives the same accounts.
"""

import hashlib
import json
import struct
import sys

# twox_128("System") and twox_128("Account"), after which come blake2_128(account) and the account.
SYSTEM_ACCOUNT = "0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
# Nonce, consumers, providers, sufficients; free, reserved, frozen, flags.
RECEIVED_ONCE = struct.pack("<IIII", 0, 0, 1, 0) + b"".join(
    amount.to_bytes(16, "little") for amount in (10**16, 0, 0, 1 << 127)
)


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    specification = json.load(sys.stdin)
    top = specification["genesis"]["raw"]["top"]
    value = "0x" + RECEIVED_ONCE.hex()
    for number in range(int(sys.argv[1])):
        account = hashlib.blake2b(number.to_bytes(8, "little"), digest_size=32).digest()
        key = hashlib.blake2b(account, digest_size=16).digest() + account
        top[SYSTEM_ACCOUNT + key.hex()] = value
    specification["id"] = "plume_large_state"
    json.dump(specification, sys.stdout)


if __name__ == "__main__":
    main()
