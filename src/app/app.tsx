import { lazy, Suspense, useState } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { Route, Router, Switch } from 'wouter';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { useLabels } from '#store/labels.ts';
import { usePlan } from '#store/plan.ts';
import { useTraining } from '#store/training.ts';
import { useFileDrop } from '#ui/data/file-drop.ts';
import { openFilesAndLook } from '#ui/data/open-files.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { Footer } from '#ui/kit/footer.tsx';
import { isTyping } from '#ui/kit/keys.ts';
import { PrivacyDialog } from '#ui/kit/privacy-dialog.tsx';
import { StageRail } from '#ui/kit/rail.tsx';
import { LinkButton } from '#ui/kit/button.tsx';
import { AnswerHelp } from '#ui/labels/answer-help.tsx';
import { NameDialog } from '#ui/labels/name-dialog.tsx';
import { WelcomeScreen } from '#ui/welcome/welcome-screen.tsx';
import { useHashPath } from './hash-path.ts';
import { railStages } from './rail-stages.ts';
import { toggleTheme } from './theme.ts';

// Each stage comes when it is opened, so that the first screen stays light.
const DataScreen = lazy(async () => ({ default: (await import('#ui/data/data-screen.tsx')).DataScreen }));
const PlanScreen = lazy(async () => ({ default: (await import('#ui/plan/plan-screen.tsx')).PlanScreen }));
const TrainingScreen = lazy(async () => ({
  default: (await import('#ui/training/training-screen.tsx')).TrainingScreen,
}));
const EvidenceScreen = lazy(async () => ({
  default: (await import('#ui/evidence/evidence-screen.tsx')).EvidenceScreen,
}));
const GalleryScreen = lazy(async () => ({ default: (await import('#ui/gallery/gallery-screen.tsx')).GalleryScreen }));
const ReviewersScreen = lazy(async () => ({
  default: (await import('#ui/labels/reviewers-screen.tsx')).ReviewersScreen,
}));
const BlindedScreen = lazy(async () => ({ default: (await import('#ui/labels/blinded-screen.tsx')).BlindedScreen }));
const QuestionsScreen = lazy(async () => ({
  default: (await import('#ui/labels/questions-screen.tsx')).QuestionsScreen,
}));
const CompressionScreen = lazy(async () => ({
  default: (await import('#ui/compression/compression-screen.tsx')).CompressionScreen,
}));
const ReportScreen = lazy(async () => ({ default: (await import('#ui/report/report-screen.tsx')).ReportScreen }));

/** Pages that belong to a stage of the rail. */
const STAGE_OF: Readonly<Record<string, string>> = {
  '/reviewers': 'gallery',
  '/blind': 'gallery',
  '/questions': 'gallery',
  '/compression': 'evidence',
};

/** What a stage is called when it cannot be shown. */
const STAGE_NAMES: Readonly<Record<string, string>> = {
  '/': 'The start',
  '/data': 'The data',
  '/plan': 'The plan',
  '/training': 'The training',
  '/evidence': 'The evidence',
  '/gallery': 'The gallery',
  '/reviewers': 'The list of reviewers',
  '/blind': 'The blinded review',
  '/questions': 'The list of questions',
  '/compression': 'What was really done',
  '/report': 'The report',
};

/** The rail, the stage of the address, and the foot. */
export function App() {
  return (
    <Router hook={useHashPath}>
      <Shell />
    </Router>
  );
}

function Shell() {
  const [path] = useHashPath();
  const [dialog, setDialog] = useState<'help' | 'privacy' | null>(null);
  const data = useData((store) => store.state);
  const plan = usePlan();
  const status = useTraining((store) => store.status);
  const done = useTraining((store) => store.done);
  const planned = useTraining((store) => store.planned);
  const evidence = useEvidence((store) => store.state);
  const labels = useLabels();
  useHotkeys('?', () => setDialog((open) => (open === 'help' ? null : 'help')), {
    useKey: true,
    enableOnFormTags: true,
    ignoreEventWhen: isTyping,
  });
  useFileDrop(openFilesAndLook, path === '/' || path === '/data');
  const current = STAGE_OF[path] ?? path.slice(1);
  const stages =
    path === '/' ? [] : railStages({ data, plan, training: { status, done, planned }, evidence, labels }, current);
  const remark = path !== '/' && data.kind === 'ready' ? data.dataset.remarks[0] : undefined;
  return (
    <>
      <StageRail stages={stages} current={current} onToggleTheme={toggleTheme} onHelp={() => setDialog('help')} />
      <ErrorBoundary what={STAGE_NAMES[path] ?? 'This page'} key={path}>
        <Suspense fallback={<main className="page" aria-busy="true" />}>
          <Switch>
            <Route path="/" component={WelcomeScreen} />
            <Route path="/data" component={DataScreen} />
            <Route path="/plan" component={PlanScreen} />
            <Route path="/training" component={TrainingScreen} />
            <Route path="/evidence" component={EvidenceScreen} />
            <Route path="/gallery" component={GalleryScreen} />
            <Route path="/reviewers" component={ReviewersScreen} />
            <Route path="/blind" component={BlindedScreen} />
            <Route path="/questions" component={QuestionsScreen} />
            <Route path="/compression" component={CompressionScreen} />
            <Route path="/report" component={ReportScreen} />
            <Route>
              <NoSuchPage />
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
      <Footer how={<LinkButton onClick={() => setDialog('privacy')}>How you can check that</LinkButton>}>
        {remark}
      </Footer>
      <NameDialog />
      {dialog === 'help' ? <AnswerHelp onClose={() => setDialog(null)} /> : null}
      <PrivacyDialog open={dialog === 'privacy'} onClose={() => setDialog(null)} />
    </>
  );
}

function NoSuchPage() {
  return (
    <main className="page">
      <h1>There is no such page</h1>
      <p className="lead">
        Go to <a href="#/">the start</a>, or choose a stage above.
      </p>
    </main>
  );
}
