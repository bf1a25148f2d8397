import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.7.0', (name) => name, [60, 150]);
