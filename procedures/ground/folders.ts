/**
 * Folders of the exchange stage (and bucket). Training files expire, artifacts do not: SageMaker reads a model's each time
 * that an endpoint starts, so they must never lie below the same prefix.
 */
export const TRAINING_FILES = 'training-files';
export const MODELS = 'models';
