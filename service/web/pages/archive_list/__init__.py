"""The pages that list records: the search of the archive, and the register on paper."""
