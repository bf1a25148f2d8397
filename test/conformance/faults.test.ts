// The whole fault test: what the unit suite does a few times, forty times (LOS_FAULT_RUNS).
export {};

process.env.LOS_FAULT_RUNS ??= '40';
await import('../journeys/killed-apply.test.js');
