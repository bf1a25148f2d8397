/** Awaits promises at once and gives their values under the same names, so that nothing depends on an order. */
export async function awaitAll<T extends Readonly<Record<string, unknown>>>(
  parts: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const values = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await part]));
  return Object.fromEntries(values);
}
