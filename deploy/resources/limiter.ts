/** So many changes run at the same time: more would only queue in Snowflake's session and AWS's throttle. */
export const AT_ONCE = 6;

/** @returns what runs pieces of work, at most `limit` of them at a time, the others in the order in which they came */
export function limiter(limit: number) {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
