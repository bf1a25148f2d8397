// What things last and cost in an account, for the meter. Here everything is done at once and costs nothing; a bill is of what an
// account would take. What a vendor's page says has its page; the rest are assumptions, and all of them are in this file.

/** Milliseconds that a statement lasts at least: it is compiled, queued and answered over a network. An assumption. */
export const STATEMENT_MS = 200;
/** Milliseconds until a suspended warehouse has resumed. An assumption. */
export const RESUME_MS = 2_000;
/** Milliseconds from a task's time, or the end of the one before it, to its first statement. An assumption. */
export const TASK_START_MS = 1_000;
/** Milliseconds that a serverless endpoint takes to answer a call after ten minutes without one. An assumption. */
export const COLD_START_MS = 20_000;
export const COLD_AFTER_MS = 600_000;

/** "Billed per-second, with a 60-second minimum each time the warehouse starts" (docs: user-guide/cost-understanding-compute). */
export const LEAST_RUN_MS = 60_000;

/** Credits an hour by size (docs: user-guide/cost-understanding-compute, "Virtual warehouse credit usage"). */
export const WAREHOUSE_CREDITS: Readonly<Record<string, number>> = {
  'X-Small': 1,
  Small: 2,
  Medium: 4,
  Large: 8,
  'X-Large': 16,
  '2X-Large': 32,
  '3X-Large': 64,
  '4X-Large': 128,
};

/**
 * Credits for an hour of an X-Small's compute in a serverless task. The factor stands in the vendor's consumption table, which no stored page
 * quotes: taken as 1.
 */
export const SERVERLESS_CREDITS = 1;

/**
 * Credits for an hour of cloud services: DDL, SHOW and DESCRIBE. An assumption, as is that such a statement keeps them busy as
 * long as it lasts. "Usage is charged only if the daily consumption exceeds 10% of the daily usage of virtual warehouses" (same page).
 */
export const CLOUD_SERVICES_CREDITS = 4.4;
