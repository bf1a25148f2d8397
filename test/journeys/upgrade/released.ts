import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { projectRoot } from '../../../deploy/project.js';
import { localCloud } from '../../deploy/local-context.js';

/** What a release's own code found in its deployment (scripts/released-state.mjs). */
export interface Facts {
  readonly now: number;
  readonly settings: string;
  /** Roles that a person of the hospital has been granted; not known of 0.1.0. */
  readonly roles?: readonly string[];
  readonly rows: Readonly<Record<string, number>>;
  readonly registry: readonly { readonly VERSION: string; readonly STATUS: string }[];
  readonly training: readonly { readonly RUN_ID: string; readonly STATUS: string }[];
  readonly alarms: readonly object[];
  readonly predicted: readonly { readonly CASE_ID: number; readonly DAYS: number }[];
}

/** The deployment as a release left it, a frozen moment later. */
export async function openReleased(release: string) {
  const file = join(projectRoot, 'test', 'journeys', 'upgrade', `${release}.tar.br`);
  const tar = brotliDecompressSync(readFileSync(file));
  const facts = JSON.parse(
    execFileSync('tar', ['-xO', 'facts.json'], { input: tar, encoding: 'utf8' }),
  ) as Facts;
  const clock = new MovableClock({ at: facts.now, frozen: true });
  const local = localCloud(facts.settings);
  execFileSync('tar', ['-x', '-C', local.folder, 'state'], { input: tar });
  const cloud = await startCloud({ stateDir: join(local.folder, 'state'), propagationDelay: 0, clock });
  const ctx = await local.open();
  const close = async () => {
    await ctx.close();
    await cloud.close();
    local.remove();
  };
  return { facts, clock, local, ctx, close };
}
