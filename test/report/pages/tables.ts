import { decodeEntities } from '../../../procedures/notifying/page.js';

/** A table of a page, as a reader sees it. */
export interface Shown {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a reader sees of a piece of HTML. */
export function textOf(html: string): string {
  return decodeEntities(html.replace(/<[^>]*>/g, ''));
}

/** Every table of a page by its caption; of several with the same one the last. */
export function tablesOfPage(page: string): Map<string, Shown> {
  const cells = (row: string) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map((match) => textOf(match[1]!));
  return new Map(
    [...page.matchAll(/<table[^>]*><caption>(.*?)<\/caption>(.*?)<\/table>/gs)].map((match) => {
      const [head, ...rows] = [...match[2]!.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map((row) => cells(row[1]!));
      return [textOf(match[1]!), { columns: head ?? [], rows }];
    }),
  );
}
