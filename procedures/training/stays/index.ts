import type { State } from '../machine.js';
import type { StateName } from '../run.js';
import { stayJudge, stayRefit, stayRows, stayTrain } from './states.js';

/** The version's model of stays that have begun is fitted, calibrated and judged, where the contract has events. */
export const learning = {
  STAY_ROWS: stayRows,
  STAY_TRAIN: stayTrain,
  STAY_JUDGE: stayJudge,
  STAY_REFIT: stayRefit,
} satisfies Partial<Record<StateName, State>>;
