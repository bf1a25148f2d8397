import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalCloud as Cloud, type CloudOptions, startCloud } from '@local-cloud/cloud/cloud.js';
import { copyGolden, type Stage } from './golden.js';
import { type LocalCloud, localCloud } from './local-context.js';

/**
 * A local cloud inside the test's own process, in which changed policies count at once: many deployments in a
 * short time. It is found like any other, by its state folder.
 * @param settings more lines of the settings file, in YAML
 * @param options what else differs from a new account
 * @param stage how far it has come; a new account if nothing is said
 */
export async function embeddedCloud(
  settings = '',
  options: Partial<CloudOptions> = {},
  stage?: Stage,
): Promise<LocalCloud & { readonly cloud: Cloud }> {
  const local = localCloud(settings);
  const stateDir = join(local.folder, 'state');
  mkdirSync(stateDir, { recursive: true });
  if (stage) await copyGolden(stage, stateDir);
  const cloud = await startCloud({ stateDir, propagationDelay: 0, ...options });
  writeFileSync(join(stateDir, 'local.json'), JSON.stringify(cloud.connection));
  return { ...local, cloud };
}
