/** The name of an AWS error (`NoSuchEntityException`), whatever client it came from. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Answer of a call; undefined where the thing that it is about does not exist, or went meanwhile. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Everything that a listing has, over all of its pages. */
export async function allItems<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** True when AWS says that the thing does not exist: every service has its own word for it. */
export function isMissing(error: unknown): boolean {
  const name = errorName(error);
  return (
    /^(NoSuch|NotFound|ResourceNotFound)/.test(name) ||
    // SageMaker has only ValidationException for this.
    (name === 'ValidationException' && /could not find|does not exist/i.test((error as Error).message))
  );
}
