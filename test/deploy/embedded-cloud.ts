import { existsSync } from 'node:fs';
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
  return { ...local, cloud: await serve(join(local.folder, 'state'), options, stage) };
}

/**
 * A local cloud that is handled like localCloud()'s: it begins with the first context that is opened and ends with the
 * last one that is closed. But it lives in the test's own process, where the code of both clouds is loaded and warm
 * from the file before; a process of its own costs a third more. Only `destroy` of everything must not be tried
 * on it, which would end the test with it.
 */
export function hostedCloud(settings = '', stage?: Stage): LocalCloud {
  const local = localCloud(settings);
  const stateDir = join(local.folder, 'state');
  let cloud: Promise<Cloud> | undefined;
  let contexts = 0;
  return {
    ...local,
    async open() {
      contexts++;
      cloud ??= serve(stateDir, {}, existsSync(stateDir) ? undefined : stage);
      const { close } = await cloud;
      const ctx = await local.open();
      return {
        ...ctx,
        async close() {
          await ctx.close();
          if (--contexts > 0) return;
          cloud = undefined;
          await close();
        },
      };
    },
  };
}

async function serve(stateDir: string, options: Partial<CloudOptions>, stage?: Stage): Promise<Cloud> {
  if (stage) await copyGolden(stage, stateDir);
  return await startCloud({ stateDir, propagationDelay: 0, ...options });
}
