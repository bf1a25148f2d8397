export { type Admission, type AdmissionFacts, columns } from './admission.js';
export { generateHealth, type HealthOptions, simulationStart } from './generate.js';
export { trueMean } from './stay.js';
export { type HealthFiles, writeHealth } from './write.js';
