import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { dayOf, isoOf } from '../general/calendar.js';
import { foundHospital } from '../general/load.js';
import type { SimulateResult } from '../simulate/mail.js';
import { live } from './live.js';
import { resetHospital } from './reset.js';

/** The dataset's name (sql/datasets/general.yaml). */
export const GENERAL = 'general';

const SEED = 20261130;
/** Admissions by default, of which so many come a day. */
const ROWS = 11_000;
const PER_DAY = 95.8;
/** Days that pass day by day at most, and the share of all days where there are few. */
const MONTH = 31;
const SHARE = 0.25;
/** Days before the end on which something happens. */
const DAYS_BEFORE_END = 9;
/** More respiratory emergencies than usual, so that their ward gets full. */
const WAVE = { ward: 'Respiratory', times: 1.9 };
/** Share of the early warning scores on arrival that a new form loses, so that the watch has something to say. */
const LOST = 0.35;

/** A hospital that is there, with its past. */
export interface GeneralDemo {
  /** Admissions that its tables have, and that will come. */
  readonly history: number;
  readonly arrivals: number;
  /** Lets the days pass until yesterday. @param version that answers */
  live(version: string): Promise<SimulateResult>;
}

/**
 * Founds the hospital, whose calendar ends yesterday, and forgets that of an earlier demo.
 * @param options rows: admissions in all; days: that pass day by day at most
 * @throws UserError on a cloud whose data are not to be thrown away
 */
export async function openGeneral(
  ctx: Context,
  contract: Contract,
  { rows = ROWS, days = MONTH }: { readonly rows?: number; readonly days?: number },
): Promise<GeneralDemo> {
  if (!ctx.target.dataIsDisposable)
    throw new UserError(
      'The made-up hospital is a database of its own, which a demo makes only on the local cloud.',
      {
        next: 'Leave --target cloud out, or give rows of yours: los demo --dataset visits.yaml --train visits.csv.',
      },
    );
  if (await resetHospital(ctx, contract))
    ctx.progress.note('Starting over: the patients of the last demo are removed');
  const all = Math.round(rows / PER_DAY);
  const passing = Math.min(days, MONTH, Math.round(all * SHARE));
  const last = dayOf(new Date().toISOString()) - 1;
  const first = last - passing + 1;
  const hospital = await foundHospital(
    ctx,
    {
      seed: SEED,
      lastDay: isoOf(last),
      days: all,
      wave: { ...WAVE, from: last - DAYS_BEFORE_END + 1 },
      outage: { from: last - DAYS_BEFORE_END + 1, share: LOST },
    },
    isoOf(first - 1),
  );
  return {
    history: hospital.history,
    arrivals: hospital.admissions - hospital.history,
    live: (version) => live(ctx, contract, hospital, version, isoOf(first), isoOf(last)),
  };
}
