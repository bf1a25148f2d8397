import type { State } from '../machine.js';
import type { StateName } from '../run.js';
import { trainCandidates } from './candidates.js';
import { choose } from './choose.js';
import { divide, makeRoom } from './divide.js';
import { enter, promoteVersion } from './enter.js';
import { comparePilots, trainHazards } from './hazards.js';
import { calibrate, checkRefit, judgeVersion, serve } from './judge.js';
import { learn } from './learn.js';
import { encode, permute, screen, select, unloadRows } from './prepare.js';
import { refit } from './refit.js';

/** Rows are divided, encoded and unloaded, features selected. */
export const preparing = {
  MAKE_ROOM: makeRoom,
  DIVIDE: divide,
  ENCODE: encode,
  SCREEN: screen,
  PERMUTE: permute,
  SELECT_FEATURES: select,
  UNLOAD: unloadRows,
} satisfies Partial<Record<StateName, State>>;

/** Candidates are trained, asked and chosen among; the chosen one gets its endpoint. */
export const fitting = {
  TRAIN_CANDIDATES: trainCandidates,
  COMPARE_PILOTS: comparePilots,
  TRAIN_HAZARDS: trainHazards,
  CHOOSE: choose,
  LEARN: learn,
  SERVE: serve,
  REFIT: refit,
} satisfies Partial<Record<StateName, State>>;

/** The version is calibrated and measured. */
export const judging = {
  CALIBRATE: calibrate,
  JUDGE: judgeVersion,
  CHECK_REFIT: checkRefit,
} satisfies Partial<Record<StateName, State>>;

/** The version is entered, and promoted if that was asked for. */
export const entering = { ENTER: enter, PROMOTE: promoteVersion } satisfies Partial<Record<StateName, State>>;
