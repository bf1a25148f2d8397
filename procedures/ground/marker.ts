/** Tag key that every AWS object of the project carries; its value is the marker. */
export const TAG_KEY = 'predict-los';

/** Comment or tag value of an object that belongs to a model version or a dataset's models, e.g. `health-v3`. */
export function modelMarker(prefix: string, version: string): string {
  return `predict-los/${prefix} model ${version}`;
}
