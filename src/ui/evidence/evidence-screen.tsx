import { useMemo } from 'react';
import { useData } from '#store/data.ts';
import { recomputeEvidence, useEvidence } from '#store/evidence.ts';
import { useGallery } from '#store/gallery.ts';
import { usePlan } from '#store/plan.ts';
import { asReviewed, useReading } from '#store/reading.ts';
import { Button, ButtonLink } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { Note } from '#ui/kit/note.tsx';
import { useSecondReading } from '#ui/labels/use-second-reading.ts';
import './evidence.css';
import { Finding } from './finding.tsx';
import { AccuracyFigure } from './figure-accuracy.tsx';
import { BiasFigure } from './figure-bias.tsx';
import { CurveFigure } from './figure-curve.tsx';
import { Disagreement } from './disagreement.tsx';
import { EnoughSection } from './enough-section.tsx';
import { GroupsFigure } from './figure-groups.tsx';
import { TradeOffFigure } from './figure-trade-offs.tsx';
import { SizeFigure } from './figure-size.tsx';
import { Gatherings } from './gatherings.tsx';
import { ImageGroupsSection } from './image-groups-section.tsx';
import { OverviewFigure } from './figure-overview.tsx';
import { ReadingSwitch } from './reading-switch.tsx';
import { RepresentationFigure } from './figure-representation.tsx';
import { ReviewedSection } from './reviewed-section.tsx';
import { CieAccuracyTable, GroupAccuracyTable } from './level-tables.tsx';
import { ScoresSection } from './scores-section.tsx';
import { evidenceView, type ReadyEvidence } from './view.ts';
import { words } from './words.ts';

/** The story of an audit: a finding in one sentence, and the figures and tables it rests on. */
export function EvidenceScreen() {
  const state = useEvidence((store) => store.state);
  switch (state.kind) {
    case 'none':
      return (
        <Empty title={words.title} action={<ButtonLink href="#/training">Go to training</ButtonLink>}>
          {words.none}
        </Empty>
      );
    case 'computing':
      return (
        <main className="page" aria-busy="true">
          <h1>{words.title}</h1>
          <p className="lead" role="status">
            {words.computing}
          </p>
        </main>
      );
    case 'failed':
      return (
        <main className="page">
          <h1>{words.title}</h1>
          <Note
            tone="warn"
            fact={words.failed}
            live
            action={<Button onClick={() => void recomputeEvidence()}>{words.again}</Button>}
          >
            {state.problem.message}
          </Note>
        </main>
      );
    case 'ready':
      return <Ready evidence={state} />;
    default:
      return state satisfies never;
  }
}

function Ready({ evidence }: { readonly evidence: ReadyEvidence }) {
  const data = useData((store) => store.state);
  const level = useGallery((store) => store.filters.level);
  const planned = usePlan((store) => store.plan?.members ?? null);
  const names =
    data.kind === 'ready'
      ? { title: data.dataset.name, noun: data.dataset.noun, target: data.question.target, planned }
      : { title: 'audit', noun: ['example', 'examples'] as const, target: 'label', planned };
  const second = useSecondReading(evidence);
  const { audited } = second;
  const isReviewed = useReading(({ reading }) => reading === 'reviewed') && audited !== null;
  const shown = useMemo(
    () => (isReviewed && audited !== null ? asReviewed(evidence, audited) : evidence),
    [evidence, audited, isReviewed],
  );
  const delivered = evidenceView(evidence, level, names);
  const view = evidenceView(shown, level, names);
  if (delivered === null || view === null) return <Empty title={words.title}>{words.noLevel}</Empty>;
  return (
    <main className="page">
      <ReadingSwitch evidence={evidence} second={second} cies={view.comparison.modalCie.indices} noun={view.noun} />
      <Finding view={view} />
      <OverviewFigure view={view} />
      <GroupsFigure view={view} />
      <div className="duo">
        <AccuracyFigure view={view} />
        <RepresentationFigure view={view} />
      </div>
      <CurveFigure view={view} />
      <BiasFigure view={view} />
      <SizeFigure view={view} />
      <TradeOffFigure view={view} />
      <ScoresSection view={view} />
      <CieAccuracyTable view={view} />
      <GroupAccuracyTable view={view} />
      <ReviewedSection view={delivered} second={second} />
      {isReviewed ? null : <Gatherings view={view} />}
      <ImageGroupsSection view={delivered} />
      <Disagreement view={view} />
      <EnoughSection view={view} />
    </main>
  );
}
