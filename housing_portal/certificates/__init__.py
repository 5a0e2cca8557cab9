"""Papers: receipts, certificates and notices of result; their numbers, rendering and verification."""
