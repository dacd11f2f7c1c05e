import { auditExamples } from '#audit/examples.ts';
import { sourceLevel } from '#compression/spec.ts';
import { trainingData } from '#dataset/training-data.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberResult, RunEvent, RunOutcome, RunRequest } from '#engine/protocol/run.ts';
import type { AuditRecord } from '#storage/records.ts';
import { rememberAllCores, useCores } from './core-preference.ts';
import { useData } from './data.ts';
import { clearEvidence, recomputeEvidence } from './evidence.ts';
import { resetGallery } from './gallery.ts';
import { rememberAudit } from './last-audit.ts';
import { showLabels } from './labels.ts';
import { refreshLibrary } from './library-list.ts';
import { usePlan } from './plan.ts';
import { pacedJob } from './paced-job.ts';
import { tableOf } from './prediction-table.ts';
import { keyText, trainedSteps } from './progress.ts';
import { activeMs, keep, log, memberName, show, type Run } from './run-in-hand.ts';
import { dropCheckpoint, keepLimit, keepRace, keepRecord, saveCheckpoint, whatIsKnown } from './run-records.ts';
import { services } from './services.ts';
import { wholeData } from './whole-data.ts';
import { IDLE, useTraining } from './training-state.ts';

export { useTraining };

let run: Run | null = null;

/** Drawing the progress of members in training costs the cores that train them. A finished member is shown at once. */
const SHOW_EVERY_MS = 500;

/** What is counted while members come in: how far each level is from the baseline, and chance. */
async function countLive(current: Run): Promise<void> {
  const { state } = useData.getState();
  if (state.kind !== 'ready') return;
  try {
    const { examples } = auditExamples(state.dataset, state.question);
    const table = tableOf(current.record.plan, current.results.values(), examples, 2);
    if (table) current.live = await services().analysis.live(table, current.record.plan.seed);
    if (run === current) show(current);
  } catch (error) {
    log(`Counting was interrupted: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Counts over all members of the run in hand: the live counts, then the evidence. */
const counting = pacedJob(async () => {
  const current = run;
  if (!current) return;
  await countLive(current);
  if (run === current) await recomputeEvidence();
});

function onEvent(current: Run, event: RunEvent): void {
  if (run !== current) return;
  switch (event.kind) {
    case 'admitted':
      // A run can be paused while its backend is still being checked: it stays so.
      useTraining.setState(({ status }) => ({
        admission: event.admission,
        status: status === 'starting' ? 'running' : status,
      }));
      void keepRecord(current, { admission: event.admission });
      if (event.admission.race) void keepRace(event.admission.race);
      return;
    case 'workers':
      useTraining.setState(({ admission }) => ({ admission: admission && { ...admission, workers: event.workers } }));
      return;
    case 'progress':
      current.running = event.training;
      if (performance.now() - current.shownAt >= SHOW_EVERY_MS) show(current);
      return;
    case 'member': {
      const { result } = event;
      const key = keyText(result.key);
      current.running = current.running.filter((member) => keyText(member.key) !== key);
      save(current, result);
      return;
    }
    case 'checkpoint':
      saveCheckpoint(current, event.checkpoint);
      return;
    case 'limit':
      void keepLimit(event.limit);
      return;
    case 'notice':
      log(event.message);
      return;
    case 'member-failed':
      current.failed.add(keyText(event.key));
      dropCheckpoint(current, event.key);
      log(`${memberName(event.key)} was given up: ${event.problem.message}`);
      show(current);
      return;
    default:
      event satisfies never;
  }
}

/** Writes a finished member and counts it once it is on disk. One that cannot be written waits, and training pauses. */
function save(current: Run, result: MemberResult): void {
  current.saving = current.saving.then(async () => {
    try {
      await (await services().repository).saveMembers(current.record.id, [result]);
    } catch (error) {
      current.unsaved.push(result);
      current.handle?.pause();
      const why = error instanceof Error ? error.message : String(error);
      const message = `A finished member could not be kept (${why}). Training is paused; export what is there and free some space.`;
      if (run === current) useTraining.setState({ problem: { code: 'save', message }, status: 'paused' });
      return;
    }
    keep(current, result);
    dropCheckpoint(current, result.key);
    const source = sourceLevel(result.spec); // it may have been trained for this member only
    if (source !== null) dropCheckpoint(current, { level: source, index: result.key.index });
    current.momentsMs.push(activeMs(current));
    const { key, diverged } = result;
    if (diverged) log(`${memberName(key)}: the loss was not a number. It is left out of every count.`);
    if (run !== current) return;
    show(current);
    counting.soon();
  });
}

async function start(current: Run, on: Pick<RunRequest, 'backend' | 'preferred'>): Promise<void> {
  const { state } = useData.getState();
  if (state.kind !== 'ready') return;
  useTraining.setState({ status: 'starting', problem: null });
  const known = await whatIsKnown();
  if (run !== current || current.handle) return;
  const data = trainingData(state.dataset, state.question);
  current.startedAt = performance.now();
  const done = [...current.results.values()].map(({ key }) => ({
    key,
    weights: current.sourceWeights.get(keyText(key)) ?? null,
  }));
  const request = {
    plan: current.record.plan,
    data,
    done,
    checkpoints: [...current.checkpoints.values()],
    allCores: useCores.getState().all,
    ...on,
    ...known,
  };
  current.handle = services().engine.start(request, (event) => {
    onEvent(current, event);
  });
  void current.handle.finished.then((outcome) => finish(current, outcome));
}

async function finish(current: Run, outcome: RunOutcome): Promise<void> {
  await current.saving;
  if (run !== current) return;
  current.activeMs = activeMs(current);
  current.startedAt = null;
  current.running = [];
  current.handle = null;
  show(current);
  if (outcome.kind === 'failed') {
    useTraining.setState({ status: 'failed', problem: outcome.problem });
    log(outcome.problem.message);
    await counting.now();
    return;
  }
  // What could not be written is not done: resuming tries again.
  const status = current.unsaved.length > 0 ? 'stopped' : outcome.kind;
  useTraining.setState({ status });
  await keepRecord(current, { status });
  await counting.now();
}

function take(record: AuditRecord, results: readonly MemberResult[], checkpoints: readonly Checkpoint[] = []): Run {
  run?.handle?.stop();
  run = {
    record,
    results: new Map(),
    sourceWeights: new Map(),
    failed: new Set(),
    checkpoints: new Map(checkpoints.map((checkpoint) => [keyText(checkpoint.members[0]!), checkpoint])),
    running: [],
    live: null,
    handle: null,
    activeMs: 0,
    startedAt: null,
    stepsBefore: 0,
    momentsMs: [],
    shownAt: -Infinity,
    saving: Promise.resolve(),
    unsaved: [],
  };
  for (const result of results) keep(run, result);
  const begun = checkpoints.flatMap(({ members, step }) => members.map((key) => ({ key, step, loss: null })));
  run.stepsBefore = trainedSteps(record.plan, run.results, begun).done;
  clearEvidence();
  resetGallery();
  rememberAudit(record.id);
  useTraining.setState({ ...IDLE, auditId: record.id, admission: record.admission });
  show(run);
  return run;
}

/** The backend named in the address (`?backend=webgl`), for people who want to compare; none: the best that is admitted. */
function backendOfAddress(): Pick<RunRequest, 'backend'> {
  const name = new URLSearchParams(location.search).get('backend');
  return name === 'webgpu' || name === 'webgl' || name === 'simd' || name === 'reference' ? { backend: name } : {};
}

/** Starts an audit of the data in hand with the plan in hand. Does nothing where the plan has a problem. */
export async function startTraining(): Promise<void> {
  await wholeData();
  const { state } = useData.getState();
  const { plan, problems } = usePlan.getState();
  if (state.kind !== 'ready' || !plan || problems.length > 0) return;
  const record: AuditRecord = {
    schemaVersion: 1,
    id: crypto.randomUUID(),
    name: `${state.dataset.name}, “${plan.question.target}”`,
    createdAt: new Date().toISOString(),
    status: 'training',
    plan,
    planned: plan.members * (1 + plan.levels.length),
    datasetHash: state.dataset.hash,
    admission: null,
  };
  const current = take(record, []);
  useTraining.setState({ status: 'starting' });
  showLabels(record.id, []);
  try {
    const repository = await services().repository;
    await repository.saveDataset(state.dataset);
    await repository.saveAudit(record);
    await refreshLibrary();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    useTraining.setState({
      status: 'failed',
      problem: { code: 'save', message: `The audit could not be kept: ${why}` },
    });
    return;
  }
  await start(current, backendOfAddress());
}

export function pauseTraining(): void {
  if (!run?.handle) return;
  run.handle.pause();
  run.activeMs = activeMs(run);
  run.startedAt = null;
  useTraining.setState({ status: 'paused' });
  counting.soon();
}

/** Goes on after a pause, or trains what is missing of a stopped or kept audit. */
export function resumeTraining(): void {
  if (!run) return;
  for (const result of run.unsaved.splice(0)) save(run, result);
  if (run.handle) {
    run.startedAt = performance.now();
    run.handle.resume();
    useTraining.setState({ status: 'running', problem: null });
    return;
  }
  run.failed.clear();
  void keepRecord(run, { status: 'training' });
  const preferred = useTraining.getState().admission?.backend;
  void start(run, preferred === undefined ? backendOfAddress() : { preferred });
}

/** Whether training may use every core also while the page is in use; remembered on this device. */
export function takeAllCores(all: boolean): void {
  rememberAllCores(all);
  run?.handle?.useAllCores(all);
}

export function stopTraining(): void {
  run?.handle?.stop();
}

/** Shows a kept audit; what is missing of it can be resumed. */
export async function showAudit(
  record: AuditRecord,
  results: readonly MemberResult[],
  checkpoints: readonly Checkpoint[] = [],
): Promise<void> {
  const current = take(record, results, checkpoints);
  useTraining.setState({ status: record.status === 'done' ? 'done' : 'stopped' });
  await recomputeEvidence();
  void countLive(current);
}

/** Lets go of an audit that is about to be deleted: it stops, and nothing of it is written any more. */
export async function dropAudit(id: string): Promise<void> {
  if (run?.record.id !== id) return;
  const left = run;
  run = null;
  left.handle?.stop();
  clearEvidence();
  useTraining.setState(IDLE);
  await left.saving;
}

/** Whether the data in hand are those of the run: same content, same question. */
function isItsData(record: AuditRecord): boolean {
  const { state } = useData.getState();
  return (
    state.kind === 'ready' &&
    state.dataset.hash === record.datasetHash &&
    JSON.stringify(state.question) === JSON.stringify(record.plan.question)
  );
}

// Other data or another question part with the run in hand: it stops, what it has is kept and can be opened again.
useData.subscribe(() => {
  if (!run || isItsData(run.record)) return;
  const left = run;
  run = null;
  left.handle?.stop();
  void left.saving.then(() => keepRecord(left, left.handle ? { status: 'stopped' } : {}));
  clearEvidence();
  useTraining.setState(IDLE);
});
