import { conditionalFunctions } from './conditional.js';
import { contextFunctions } from './context.js';
import { conversionFunctions } from './conversion.js';
import type { FunctionSpec } from './function.js';
import { arrayFunctions } from './json/array.js';
import { semiStructuredFunctions } from './json/semi-structured.js';
import { variantKindFunctions } from './json/variant-kinds.js';
import { xmlFunctions } from './json/xml.js';
import { bitwiseFunctions } from './numbers/bitwise.js';
import { decfloatFunctions } from './numbers/decfloat.js';
import { numericFunctions } from './numbers/numeric.js';
import { aggregateFunctions } from './rows/aggregate.js';
import { windowFunctions } from './rows/window.js';
import { encodingFunctions } from './text/encoding.js';
import { regexpFunctions } from './text/regexp.js';
import { similarityFunctions } from './text/similarity.js';
import { stringFunctions } from './text/string.js';
import { urlFunctions } from './text/url.js';
import { calendarFunctions } from './time/calendar.js';
import { dateFunctions } from './time/date.js';
import { zoneOnce } from './time/zoned-once.js';

const byName = new Map<string, FunctionSpec>();
for (const spec of [
  ...aggregateFunctions,
  ...arrayFunctions,
  ...bitwiseFunctions,
  ...calendarFunctions.map(zoneOnce),
  ...conditionalFunctions,
  ...contextFunctions,
  ...conversionFunctions,
  ...dateFunctions.map(zoneOnce),
  ...decfloatFunctions,
  ...encodingFunctions,
  ...numericFunctions,
  ...regexpFunctions,
  ...semiStructuredFunctions,
  ...similarityFunctions,
  ...stringFunctions,
  ...urlFunctions,
  ...windowFunctions,
  ...variantKindFunctions,
  ...xmlFunctions,
])
  for (const each of spec.names) byName.set(each, spec);

/** The built-in function of this upper-case name. */
export function findFunction(name: string): FunctionSpec | undefined {
  return byName.get(name);
}
