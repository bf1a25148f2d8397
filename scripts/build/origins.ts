import { SourceMap, type SourceMapPayload } from 'node:module';
import type { Origins } from '../../deploy/ground/lines.js';

/**
 * Source lines of a bundle.
 * @param bundle the compiled text
 * @param map esbuild's source map of it
 */
export function originsOf(bundle: string, map: string): Origins {
  const entries = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const runs = new Map<string, { start: number; origin: number; length: number }[]>();
  bundle.split('\n').forEach((text, i) => {
    const found = [text.search(/\S/), text.length]
      .map((column) => entries.findEntry(i, Math.max(column, 0)))
      .find((entry) => 'generatedLine' in entry && entry.generatedLine === i);
    if (!found || !('originalSource' in found)) return;
    const list = runs.get(found.originalSource) ?? [];
    runs.set(found.originalSource, list);
    const [line, origin] = [i + 1, found.originalLine + 1];
    const last = list.at(-1);
    if (last && last.start + last.length === line && last.origin + last.length === origin) last.length++;
    else list.push({ start: line, origin, length: 1 });
  });
  return [...runs];
}
