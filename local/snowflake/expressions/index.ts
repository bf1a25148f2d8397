import { aggregateFunctions } from './aggregate.js';
import { arrayFunctions } from './array.js';
import { bitwiseFunctions } from './bitwise.js';
import { calendarFunctions } from './calendar.js';
import { conditionalFunctions } from './conditional.js';
import { contextFunctions, systemFunctions } from './context.js';
import { conversionFunctions } from './conversion.js';
import { dateFunctions } from './date.js';
import { decfloatFunctions } from './decfloat.js';
import { encodingFunctions } from './encoding.js';
import type { FunctionSpec } from './function.js';
import { numericFunctions } from './numeric.js';
import { regexpFunctions } from './regexp.js';
import { semiStructuredFunctions } from './semi-structured.js';
import { similarityFunctions } from './similarity.js';
import { stringFunctions } from './string.js';
import { urlFunctions } from './url.js';
import { windowFunctions } from './window.js';
import { xmlFunctions } from './xml.js';

const byName = new Map<string, FunctionSpec>();

/** The built-in function of this upper-case name. */
export function builtIn(name: string): FunctionSpec | undefined {
  // Filled on first use: the groups and the binder import each other.
  if (byName.size === 0)
    for (const spec of [
      ...aggregateFunctions,
      ...arrayFunctions,
      ...bitwiseFunctions,
      ...calendarFunctions,
      ...conditionalFunctions,
      ...contextFunctions,
      ...conversionFunctions,
      ...dateFunctions,
      ...decfloatFunctions,
      ...encodingFunctions,
      ...numericFunctions,
      ...regexpFunctions,
      ...semiStructuredFunctions,
      ...similarityFunctions,
      ...stringFunctions,
      ...urlFunctions,
      ...windowFunctions,
      ...xmlFunctions,
    ])
      for (const each of spec.names) byName.set(each, spec);
  return byName.get(name) ?? systemFunctions.get(name);
}
