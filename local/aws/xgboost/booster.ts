/** XGBoost's Booster: a model being trained, or one that predicts. */
import { type Handle, loadXgboost, XgboostError, type XgboostLibrary } from './library.js';
import type { Matrix } from './matrix.js';
import { modelVersion, unreadable, versionText } from './versions.js';

/** Predictions: `perRow` values for each row (1 except for multi-class probabilities). */
export interface Predictions {
  readonly values: Float32Array;
  readonly rows: number;
  readonly perRow: number;
}

/** A model in the library's memory. Not safe for two threads at once; free it with close(). */
export class Booster {
  readonly #library: XgboostLibrary;
  #handle: Handle | undefined;

  private constructor(library: XgboostLibrary, handle: Handle) {
    this.#library = library;
    this.#handle = handle;
  }

  /** An untrained model; the matrices are the ones it will train on and be evaluated with. */
  static create(matrices: Matrix[] = []): Booster {
    const library = loadXgboost();
    const out: Handle[] = [0n];
    const handles = matrices.map((matrix) => matrix.handle);
    library.call('XGBoosterCreate', handles, handles.length, out);
    return new Booster(library, out[0]!);
  }

  /**
   * A saved model (UBJSON, JSON or the older binary format).
   * @throws XgboostError for one that the library cannot read, with its own words, or reads wrongly without a word
   */
  static load(model: Uint8Array): Booster {
    const booster = Booster.create();
    const { version } = booster.#library;
    const made = modelVersion(model);
    try {
      const refusal = made && unreadable(made, version);
      if (refusal) throw new XgboostError(refusal);
      booster.#library.call('XGBoosterLoadModelFromBuffer', booster.handle, model, model.length);
    } catch (error) {
      booster.close();
      // 2.1 and 3.0 fail so on models for reg:gamma of 2.0 and older; 3.2 reads them.
      if (made && error instanceof XgboostError && error.message.includes('Invalid cast, from Null'))
        throw new XgboostError(
          `The model was made by XGBoost ${versionText(made)}, and the library here, ${versionText(version)}, cannot read it: ${error.message}`,
          { cause: error },
        );
      throw error;
    }
    return booster;
  }

  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('This booster was closed.');
    return this.#handle;
  }

  /** Sets one parameter, as text. Setting eval_metric again adds a metric. */
  set(name: string, value: string): void {
    this.#library.call('XGBoosterSetParam', this.handle, name, value);
  }

  /** Records an attribute in the model file. */
  setAttribute(name: string, value: string): void {
    this.#library.call('XGBoosterSetAttr', this.handle, name, value);
  }

  /** Trains one more round. */
  update(iteration: number, matrix: Matrix): void {
    this.#library.call('XGBoosterUpdateOneIter', this.handle, iteration, matrix.handle);
  }

  /** The metrics after a round, as XGBoost prints them: `[3]\ttrain-rmse:1.5\tvalidation-rmse:1.7`. */
  evaluate(iteration: number, matrices: { name: string; matrix: Matrix }[]): string {
    const out: string[] = [''];
    this.#library.call(
      'XGBoosterEvalOneIter',
      this.handle,
      iteration,
      matrices.map((m) => m.matrix.handle),
      matrices.map((m) => m.name),
      matrices.length,
      out,
    );
    return String(out[0]);
  }

  /** A new model with the first `rounds` rounds of this one. */
  slice(rounds: number): Booster {
    const out: Handle[] = [0n];
    this.#library.call('XGBoosterSlice', this.handle, 0, rounds, 1, out);
    return new Booster(this.#library, out[0]!);
  }

  /** Predicts every row of a matrix; validation of the shape is the library's own. */
  predict(matrix: Matrix): Predictions {
    const shape: Handle[] = [0n];
    const dimensions = [0];
    const result: Handle[] = [0n];
    // strict_shape: always rows × outputs, so that one class and many are read the same way.
    const config =
      '{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}';
    this.#library.call(
      'XGBoosterPredictFromDMatrix',
      this.handle,
      matrix.handle,
      config,
      shape,
      dimensions,
      result,
    );
    const sizes = this.#library.copy(shape[0]!, Number(dimensions[0]) * 8);
    const [rows = 0, perRow = 1] = [...new BigUint64Array(sizes.buffer)].map(Number);
    const bytes = rows * perRow > 0 ? this.#library.copy(result[0]!, rows * perRow * 4) : new Uint8Array();
    return { values: new Float32Array(bytes.buffer), rows, perRow };
  }

  /** How many features the model was trained on. */
  get features(): number {
    const out = [0];
    this.#library.call('XGBoosterGetNumFeature', this.handle, out);
    return Number(out[0]);
  }

  /** How many rounds the model has. */
  get rounds(): number {
    const out = [0];
    this.#library.call('XGBoosterBoostedRounds', this.handle, out);
    return Number(out[0]);
  }

  /** The model file: UBJSON, the format of the container since XGBoost 3. */
  save(): Uint8Array {
    const length = [0];
    const out: Handle[] = [0n];
    this.#library.call('XGBoosterSaveModelToBuffer', this.handle, '{"format": "ubj"}', length, out);
    return this.#library.copy(out[0]!, Number(length[0]));
  }

  /** The model's full configuration: parameters with the library's defaults filled in. */
  config(): unknown {
    const length = [0];
    const out: string[] = [''];
    this.#library.call('XGBoosterSaveJsonConfig', this.handle, length, out);
    return JSON.parse(String(out[0]));
  }

  /** Frees the library's memory. */
  close(): void {
    if (this.#handle === undefined) return;
    this.#library.call('XGBoosterFree', this.#handle);
    this.#handle = undefined;
  }
}
