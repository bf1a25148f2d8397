/** XGBoost's DMatrix: the rows to train on or to predict. */
import { type Handle, loadXgboost, type XgboostLibrary } from './library.js';

/** A matrix in the library's memory. Free it with close(). */
export class Matrix {
  readonly #library: XgboostLibrary;
  #handle: Handle | undefined;

  private constructor(library: XgboostLibrary, handle: Handle) {
    this.#library = library;
    this.#handle = handle;
  }

  /**
   * Copies rows into the library.
   *
   * @param values rows × columns floats, row-major, NaN for missing
   * @param threads how many threads may copy; 1 where several predictions run side by side
   */
  static dense(values: Float32Array, rows: number, columns: number, threads: number): Matrix {
    const library = loadXgboost();
    const out: Handle[] = [0n];
    const config = `{"missing": NaN, "nthread": ${threads}}`;
    library.call(
      'XGDMatrixCreateFromDense',
      arrayInterface(library, values, [rows, columns], '<f4'),
      config,
      out,
    );
    return new Matrix(library, out[0]!);
  }

  /** Copies sparse rows: row i has the entries from starts[i] to starts[i + 1]. Absent entries are missing. */
  static sparse(starts: BigUint64Array, columns: Uint32Array, values: Float32Array, width: number): Matrix {
    const library = loadXgboost();
    const out: Handle[] = [0n];
    library.call(
      'XGDMatrixCreateFromCSR',
      arrayInterface(library, starts, [starts.length], '<u8'),
      arrayInterface(library, columns, [columns.length], '<u4'),
      arrayInterface(library, values, [values.length], '<f4'),
      width,
      '{"missing": NaN, "nthread": 1}',
      out,
    );
    return new Matrix(library, out[0]!);
  }

  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('This matrix was closed.');
    return this.#handle;
  }

  /** Sets the labels or the instance weights, one per row. */
  set(field: 'label' | 'weight', values: Float32Array): void {
    this.#library.call('XGDMatrixSetFloatInfo', this.handle, field, values, values.length);
  }

  get rows(): number {
    const out = [0];
    this.#library.call('XGDMatrixNumRow', this.handle, out);
    return Number(out[0]);
  }

  get columns(): number {
    const out = [0];
    this.#library.call('XGDMatrixNumCol', this.handle, out);
    return Number(out[0]);
  }

  /** Frees the library's memory. */
  close(): void {
    if (this.#handle === undefined) return;
    this.#library.call('XGDMatrixFree', this.#handle);
    this.#handle = undefined;
  }
}

/** numpy's array interface as JSON: how XGBoost is told where an array lies. */
function arrayInterface(
  library: XgboostLibrary,
  array: ArrayBufferView,
  shape: number[],
  type: string,
): string {
  return JSON.stringify({
    data: ['ADDRESS', true],
    shape,
    typestr: type,
    version: 3,
  }).replace('"ADDRESS"', String(library.address(array)));
}
