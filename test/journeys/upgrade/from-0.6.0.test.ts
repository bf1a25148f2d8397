import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.6.0', (name) => name, [60, 150]);
