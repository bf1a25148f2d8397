import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.8.0', (name) => name, [60, 150]);
