import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';

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

/** @param settings more lines of the settings file, in YAML */
export function localCloud(settings = ''): LocalCloud {
  const folder = mkdtempSync(join(tmpdir(), 'los-cloud-'));
  const config = join(folder, 'los.config.yaml');
  writeFileSync(config, `state: ${join(folder, 'state')}\n${settings}\n`);
  return {
    folder,
    config,
    open: () =>
      openContext({
        target: 'local',
        config,
        progress: silentProgress,
        signal: new AbortController().signal,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
