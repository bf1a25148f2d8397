/** Models in use: the artifact unpacked to a file of its own, and the file loaded into the serving pool. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AwsContext, Identity } from '../../service.js';
import { pullImage } from '../shared/images.js';
import type { Model } from '../shared/records.js';
import { readObject } from '../shared/s3-data.js';
import { unpackTarGz } from '../shared/tar.js';
import { servingOf } from './serving.js';

/**
 * Starts a model's container, as it were: pulls its image, unpacks its artifact and loads it.
 *
 * @param role the model's role
 * @param modelFile where to put the model, alone in its folder
 * @throws Error that says why the container would not start; nothing is left behind then
 */
export async function loadModel(
  context: AwsContext,
  role: Identity,
  model: Model,
  modelFile: string,
): Promise<void> {
  const { Image, ModelDataUrl } = model.PrimaryContainer;
  mkdirSync(dirname(modelFile), { recursive: true });
  try {
    pullImage(context, role, Image);
    writeFileSync(modelFile, modelIn(readObject(context, role, ModelDataUrl)));
    await servingOf(context).load(modelFile);
  } catch (error) {
    rmSync(dirname(modelFile), { recursive: true, force: true });
    throw error;
  }
}

/** Ends a model's use: frees its memory, once what it was asked is answered, and removes its folder. */
export async function unloadModel(context: AwsContext, modelFile: string): Promise<void> {
  await servingOf(context).unload(modelFile);
  rmSync(dirname(modelFile), { recursive: true, force: true });
}

/** The one model file of a model.tar.gz. */
function modelIn(archive: Buffer): Buffer {
  // The container reads every file that is not hidden, and averages over several models.
  const files = [...unpackTarGz(archive)].filter(([name]) => !name.split('/').at(-1)!.startsWith('.'));
  if (files.length !== 1)
    throw new Error(
      `The local SageMaker does not support model.tar.gz with ${files.length} files, because it serves one model; pack exactly one.`,
    );
  const [, model] = files[0]!;
  // Pickled boosters start with a protocol byte; loading them would need Python.
  if (model[0] === 0x80)
    throw new Error('The local SageMaker does not support pickled models; save with save_model.');
  return model;
}
