import { useState } from 'react';
import { setFilters, useGallery } from '#store/gallery.ts';
import { usePlan } from '#store/plan.ts';
import { useTraining } from '#store/training.ts';
import { ButtonLink } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { SelectField } from '#ui/kit/field.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { PageHead } from '#ui/kit/page-head.tsx';
import './compression.css';
import { HistogramFigure } from './histogram-figure.tsx';
import { ScheduleFigure } from './schedule-figure.tsx';
import { SizeSection } from './size-section.tsx';
import { PointSection, TensorSection } from './tensor-table.tsx';
import { BASELINE, levelsDone, membersDone, memberView } from './view.ts';
import { WeightsSection } from './weights-section.tsx';
import { leadOf } from './words.ts';

/** What compression really did to a member: every tensor, the schedule, the sizes, the weights before and after, and as files. */
export function CompressionScreen() {
  const plan = usePlan((store) => store.plan);
  const results = useTraining((store) => store.results);
  const auditId = useTraining((store) => store.auditId);
  const wanted = useGallery((store) => store.filters.level);
  const [index, setIndex] = useState(0);
  const [atBaseline, setAtBaseline] = useState(false);
  const levels = plan === null ? [] : levelsDone(plan, results);
  const level = [atBaseline ? BASELINE : wanted, ...levels].find((name) => levels.includes(name));
  const indices = level === undefined ? [] : membersDone(results, level);
  const view =
    plan === null || level === undefined
      ? null
      : memberView(plan, results, level, indices.includes(index) ? index : (indices[0] ?? 0));
  if (view === null || auditId === null)
    return (
      <Empty title="What was really done" action={<ButtonLink href="#/training">Go to training</ButtonLink>}>
        Once a compressed member is trained, this page says what was done to every one of its tensors.
      </Empty>
    );
  return (
    <main className="page">
      <PageHead
        over={<a href="#/evidence">Evidence</a>}
        title="What was really done"
        action={
          <div className="done-choice">
            <SelectField
              label="Level"
              value={view.member.key.level}
              options={levels.map((value) => ({ value, label: levelText(value) }))}
              onChange={(value) => {
                setAtBaseline(value === BASELINE);
                if (value !== BASELINE) setFilters({ level: value });
              }}
            />
            <SelectField
              label="Member"
              value={String(view.member.key.index)}
              options={indices.map((value) => ({ value: String(value), label: `${String(value + 1)}` }))}
              onChange={(value) => setIndex(Number(value))}
            />
          </div>
        }
      />
      <p className="lead done-lead">{leadOf(view)}</p>
      <ScheduleFigure view={view} />
      <TensorSection view={view} />
      <PointSection view={view} />
      <HistogramFigure view={view} />
      <SizeSection view={view} />
      <WeightsSection auditId={auditId} member={view.member.key} />
    </main>
  );
}
