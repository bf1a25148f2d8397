import { itemAt, requireValue } from '../../udfs/require-value.js';
import type { AdmissionFacts } from './admission.js';
import { calibration } from './calibration.js';
import {
  type Distribution,
  fromNumericShares,
  fromShares,
  meanOf,
  tilt,
  tiltToMean,
} from './distribution.js';
import { hospitalDistribution } from './hospitals.js';
import type { Patient } from './patients.js';
import type { Random } from './random.js';

/** Remembers what `make` gives for a key: a tilted distribution is made once for each combination. */
function memoize<Key extends number[], T>(make: (...key: Key) => T): (...key: Key) => T {
  const made = new Map<number, T>();
  return (...key) => {
    let code = 0;
    for (const part of key) code = code * 64 + part;
    let value = made.get(code);
    if (value === undefined) {
      value = make(...key);
      made.set(code, value);
    }
    return value;
  };
}

const alphabet = (shares: Readonly<Record<string, number>>) => Object.keys(shares).sort();
const wards = alphabet(calibration.ward.shares);
const types = alphabet(calibration.typeOfAdmission.shares);
const hospitalTypes = alphabet(calibration.hospitalType.shares);
const ages = Object.keys(calibration.age.shares);

const department = fromShares(calibration.department.shares);
const typeOfAdmission = fromShares(calibration.typeOfAdmission.shares);

// Wards: the correlation with the hospital's type (both coded in alphabetical order) is .25.
const wardShares = fromShares(calibration.ward.shares);
const meanHospitalType = meanOf(fromShares(calibration.hospitalType.shares), (type) =>
  hospitalTypes.indexOf(type),
);
const wardScore = (ward: string) => wards.indexOf(ward) - 1.89;
const wardOf = memoize((type: number) => tilt(wardShares, wardScore, 0.19 * (type - meanHospitalType)));

// Rooms: the mean by ward is published.
const allRooms = fromNumericShares(calibration.rooms.shares);
// Narrowed first: what the wards' means spread must not come on top of the published spread.
const roomsShares = tilt(allRooms, (rooms) => -(Math.min(Math.abs(rooms - 3.2), 3) ** 2), 0.09);
const roomsOf = memoize((ward: number) => {
  const name = itemAt(wards, ward);
  const mean = requireValue(calibration.ward.roomsMean[name], `mean rooms of ward ${name}`);
  return tiltToMean(roomsShares, (rooms) => Math.min(rooms, 10), mean);
});
const meanRooms = meanOf(allRooms, (rooms) => rooms);

// Bed grades: grade 1 is given to the extremely ill far more often than to others.
const gradeOf: Record<string, Distribution<number>> = (() => {
  const grades = calibration.bedGrade.shares;
  const extreme = requireValue(calibration.severity.shares.Extreme, 'share of Extreme');
  const grade1 = requireValue(grades[1], 'share of bed grade 1');
  const withGrade1 = (first: number) => {
    const rest = (1 - first) / (1 - grade1);
    return fromNumericShares({ ...mapValues(grades, (share) => share * rest), 1: first });
  };
  const ofExtreme = withGrade1(calibration.bedGrade.extremeAndGrade1 / extreme);
  const ofOthers = withGrade1((grade1 - calibration.bedGrade.extremeAndGrade1) / (1 - extreme));
  return { Extreme: ofExtreme, Moderate: ofOthers, Minor: ofOthers };
})();

function mapValues(table: Readonly<Record<string, number>>, change: (value: number) => number) {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]));
}

// Visitors: weak correlations with ward, admission type, age, bed grade and rooms, by tilting (slopes found by trial).
const visitorShares = fromNumericShares(calibration.visitors.shares);
const meanVisitors = meanOf(visitorShares, (visitors) => visitors);
const visitorsOf = memoize((ward: number, type: number, age: number, grade: number, rooms: number) => {
  const slope =
    -0.075 * (ward - 1.89) -
    0.105 * (type - 0.75) +
    0.027 * (age - 4.3) +
    0.075 * (grade - 2.63) +
    0.04 * (Math.min(rooms, 8) - 3.2);
  return tilt(visitorShares, (visitors) => Math.min(visitors, 9) - meanVisitors, slope);
});

// Deposits: the published quantiles, moved a little by visitors and rooms (both correlations are negative).
const quantiles = calibration.deposit.quantiles;
function deposit(u: number): number {
  let i = 1;
  while (i < quantiles.length - 1 && itemAt(quantiles, i)[0] <= u) i++;
  const [fromShare, from] = itemAt(quantiles, i - 1);
  const [toShare, to] = itemAt(quantiles, i);
  return from + ((u - fromShare) / (toShare - fromShare)) * (to - from);
}
const [lowestDeposit, highestDeposit] = [itemAt(quantiles, 0)[1], itemAt(quantiles, -1)[1]];

/** Draws everything that is known at one admission of a patient. */
export function admissionFacts(patient: Patient, stream: Random): AdmissionFacts {
  const hospital = hospitalDistribution.draw(stream);
  const ward = wardOf(hospitalTypes.indexOf(hospital.type)).draw(stream);
  const wardIndex = wards.indexOf(ward);
  const rooms = roomsOf(wardIndex).draw(stream);
  const type = typeOfAdmission.draw(stream);
  const grade = (gradeOf[patient.severity] as Distribution<number>).draw(stream);
  const visitors = visitorsOf(wardIndex, types.indexOf(type), ages.indexOf(patient.age), grade, rooms).draw(
    stream,
  );
  const paid =
    deposit(stream.nextNumber()) -
    98 * (Math.min(visitors, 10) - meanVisitors) -
    118 * (Math.min(rooms, 8) - meanRooms);
  return {
    HOSPITAL_CODE: hospital.code,
    HOSPITAL_TYPE_CODE: hospital.type,
    CITY_CODE_HOSPITAL: hospital.city,
    HOSPITAL_REGION_CODE: hospital.region,
    AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL: rooms,
    DEPARTMENT: department.draw(stream),
    WARD_TYPE: ward,
    WARD_FACILITY_CODE: hospital.facility,
    BED_GRADE: stream.nextNumber() < calibration.nulls.BED_GRADE ? null : grade,
    PATIENTID: patient.id,
    CITY_CODE_PATIENT: patient.city,
    TYPE_OF_ADMISSION: type,
    SEVERITY_OF_ILLNESS: patient.severity,
    VISITORS_WITH_PATIENT: visitors,
    AGE: patient.age,
    ADMISSION_DEPOSIT: Math.round(Math.min(highestDeposit, Math.max(lowestDeposit, paid))),
  };
}
