import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { copyGolden, type Stage } from './golden.js';

/** A local cloud of a test's own, in a folder of its own. */
export interface LocalCloud {
  readonly folder: string;
  /** Settings file that points to it. */
  readonly config: string;
  /** Connects once more, as another run of the command line would. */
  open(): Promise<OpenContext>;
  /** Deletes the folder; every context must be closed. */
  remove(): void;
}

/**
 * @param settings more lines of the settings file, in YAML
 * @param stage how far it has come when it is opened for the first time
 */
export function localCloud(settings = '', stage?: Stage): LocalCloud {
  const folder = mkdtempSync(join(tmpdir(), 'los-cloud-'));
  const config = join(folder, 'los.config.yaml');
  const state = join(folder, 'state');
  writeFileSync(config, `state: ${state}\n${settings}\n`);
  let copied: Promise<void> | undefined;
  return {
    folder,
    config,
    async open() {
      if (stage) copied ??= copyGolden(stage, state);
      await copied;
      return openContext({
        target: 'local',
        config,
        progress: silentProgress,
        signal: new AbortController().signal,
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
