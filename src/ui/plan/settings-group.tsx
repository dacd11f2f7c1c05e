import type { ReactNode } from 'react';
import type { Plan } from '#engine/model/plan.ts';
import type { PlanState } from '#store/state.ts';

export interface SettingsProps {
  readonly plan: Plan;
  readonly facts: PlanState['facts'];
  readonly noun: readonly [string, string];
  /** The sentence about a field, or null. */
  readonly problem: (field: keyof Plan) => string | null;
}

/** Settings that belong together, under a name. */
export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="settings">
      <legend>{title}</legend>
      <div className="form">{children}</div>
    </fieldset>
  );
}
