import { create } from 'zustand';
import type { TrainingState } from './state.ts';

/** Before anything was started. */
export const IDLE: TrainingState = {
  status: 'idle',
  problem: null,
  auditId: null,
  admission: null,
  levels: [],
  done: 0,
  planned: 0,
  pace: null,
  paceHistory: [],
  etaMs: null,
  chance: null,
  log: [],
  results: [],
};
export const useTraining = create<TrainingState>(() => IDLE);

/** Whether members are being trained, so that the cores are taken. */
export const isTraining = ({ status }: Pick<TrainingState, 'status'>): boolean =>
  status === 'starting' || status === 'running';
