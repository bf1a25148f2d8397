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
 * Settings with a schedule that nothing meets while a test runs, unless they have one of their own: by default the graph runs as soon as there
 * are admissions, beside a test that runs it itself.
 * @param settings lines of a settings file, in YAML, with tasks on one line
 */
export function scheduled(settings: string): string {
  if (/^tasks: .*schedule:/m.test(settings)) return settings;
  const more = settings.replace(/^tasks: \{/m, 'tasks: { schedule: 15 MINUTE,');
  return more === settings ? `${settings}\ntasks: { schedule: 15 MINUTE }` : more;
}

/**
 * @param settings more lines of the settings file, in YAML
 * @param stage how far it has come when it is opened for the first time
 */
export function localCloud(settings = '', stage?: Stage): LocalCloud {
  const folder = mkdtempSync(join(tmpdir(), 'los-cloud-'));
  const config = join(folder, 'los.config.yaml');
  const state = join(folder, 'state');
  writeFileSync(config, `state: ${state}\n${scheduled(settings)}\n`);
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
