/**
 * The most that are recorded at the same time. Their writes share a commit, and the answers of requests, which wait in
 * the same groups, do not wait for a large one.
 */
const TOGETHER = 50;

/**
 * Records many things, some at a time. One that cannot be recorded holds up no others.
 *
 * @throws the first error, when the others are recorded
 */
export async function recordTogether<Item>(
  items: readonly Item[],
  record: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failed: PromiseRejectedResult[] = [];
  for (let start = 0; start < items.length; start += TOGETHER) {
    const results = await Promise.allSettled(items.slice(start, start + TOGETHER).map(record));
    failed.push(...results.filter((result) => result.status === 'rejected'));
  }
  if (failed[0] !== undefined) throw failed[0].reason;
}
