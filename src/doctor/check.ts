import type { Patient } from './patient.ts';

/** @throws {Fault} with what is wrong, NothingToSee when it cannot be told */
export type Check = (patient: Patient) => Promise<void>;
