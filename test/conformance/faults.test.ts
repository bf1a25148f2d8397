// The whole fault test: what the unit suite does a few times, a hundred times.
export {};

process.env.LOS_FAULT_RUNS ??= '100';
await import('../journeys/killed-apply.test.js');
