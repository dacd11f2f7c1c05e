import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { CheckField, NumberField, SelectField } from './field.tsx';
import { FilePicker } from './file-picker.tsx';
import { LevelScrubber } from './level-scrubber.tsx';
import { NotEstimable } from './not-estimable.tsx';
import { Num } from './num.tsx';
import { StageRail } from './rail.tsx';
import { Segmented } from './segmented.tsx';
import { TableTwin } from './table-twin.tsx';
import { Term } from './term.tsx';
import { Votes } from './votes.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('Button', () => {
  it('does nothing while it has a reason not to, and says the reason', () => {
    const press = vi.fn();
    render(
      <Button onClick={press} disabledReason="Choose data first.">
        Start training
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Start training', description: 'Choose data first.' });
    fireEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    expect(button.getAttribute('aria-disabled')).toBe('true');
    button.focus();
    expect(document.activeElement).toBe(button);
  });

  it('is pressed where nothing stands in the way', () => {
    const press = vi.fn();
    render(
      <Button onClick={press} disabledReason={null}>
        Start training
      </Button>,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Start training' }));
    expect(press).toHaveBeenCalledTimes(1);
  });
});

describe('NumberField', () => {
  function Steps({ onChange }: { readonly onChange: (value: number) => void }) {
    const [value, setValue] = useState(2000);
    return (
      <NumberField
        label="Steps"
        value={value}
        hint="64 faces a step"
        problem={value < 1 ? 'At least one step is needed.' : null}
        onChange={(next) => {
          setValue(next);
          onChange(next);
        }}
      />
    );
  }

  it('reports every number that is typed and ties hint and problem to the field', () => {
    const changes = vi.fn();
    render(<Steps onChange={changes} />);
    const field = screen.getByLabelText<HTMLInputElement>('Steps');
    fireEvent.change(field, { target: { value: '0' } });
    expect(changes).toHaveBeenCalledWith(0);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const described = (field.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['At least one step is needed.', '64 faces a step']);
  });

  it('lets the field be empty while typing and goes back to the last number', () => {
    const changes = vi.fn();
    render(<Steps onChange={changes} />);
    const field = screen.getByLabelText<HTMLInputElement>('Steps');
    fireEvent.change(field, { target: { value: '' } });
    expect(field.value).toBe('');
    expect(changes).not.toHaveBeenCalled();
    fireEvent.blur(field);
    expect(field.value).toBe('2000');
  });
});

describe('SelectField, CheckField, Segmented', () => {
  it('hand over the chosen value', () => {
    const chosen = vi.fn();
    const options = [
      { value: 'a', label: 'First' },
      { value: 'b', label: 'Second' },
    ] as const;
    render(
      <>
        <SelectField label="Column" value="a" options={options} onChange={chosen} />
        <CheckField label="Male" detail="42 %" checked={false} onChange={chosen} />
        <Segmented legend="Order" options={options} value="a" onChange={chosen} />
      </>,
    );
    fireEvent.change(screen.getByLabelText('Column'), { target: { value: 'b' } });
    fireEvent.click(screen.getByRole('checkbox', { name: /Male/ }));
    fireEvent.click(within(screen.getByRole('group', { name: 'Order' })).getByLabelText('Second'));
    expect(chosen.mock.calls).toEqual([['b'], [true], ['b']]);
  });
});

describe('FilePicker', () => {
  it('hands over the files and takes the same file a second time', () => {
    const take = vi.fn();
    render(
      <FilePicker multiple onFiles={take}>
        Choose files
      </FilePicker>,
    );
    const input = screen.getByLabelText('Choose files');
    const file = new File(['x'], 'a.csv');
    fireEvent.change(input, { target: { files: [file] } });
    fireEvent.change(input, { target: { files: [file] } });
    expect(take).toHaveBeenCalledTimes(2);
    expect(take.mock.calls[0]).toEqual([[file]]);
  });
});

describe('Term', () => {
  it('shows its definition on focus and puts it away on Escape', () => {
    render(<Term of="false positive" />);
    const term = screen.getByRole('button', { name: 'false positive' });
    expect(screen.queryByRole('tooltip')).toBeNull();
    fireEvent.focus(term);
    expect(screen.getByRole('tooltip').textContent).toContain('called positive');
    fireEvent.keyDown(term, { key: 'Escape' });
    expect(screen.queryByRole('tooltip')).toBeNull();
  });
});

describe('Votes', () => {
  it('says the votes of both populations in words', () => {
    render(
      <Votes rows={[{ label: 'blond', baseline: 28, compressed: 3 }]} baselineMembers={30} compressedMembers={30} />,
    );
    expect(screen.getByRole('img', { name: 'blond: 28 baseline votes, 3 compressed votes' })).toBeTruthy();
  });
});

describe('LevelScrubber', () => {
  it('offers each level as a radio button named by its count, and what chance gives beside the baseline', () => {
    const change = vi.fn();
    render(
      <LevelScrubber
        value="pruned-0.9"
        chance={22}
        onChange={change}
        levels={[
          { level: 'pruned-0.9', label: '0.9', count: 212, track: 'pruned' },
          { level: 'pruned-0.95', label: '0.95', count: 397, track: 'pruned' },
          { level: 'hybrid-int8', label: 'hybrid int8', count: null, track: 'int8' },
        ]}
      />,
    );
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'level 0.9, 212 CIE' }).checked).toBe(true);
    fireEvent.click(screen.getByRole('radio', { name: 'level 0.95, 397 CIE' }));
    expect(change).toHaveBeenCalledWith('pruned-0.95');
    expect(screen.getByRole('radio', { name: 'level hybrid int8, count not known yet' })).toBeTruthy();
    expect(screen.getByText('chance 22')).toBeTruthy();
  });
});

describe('Num and NotEstimable', () => {
  it('writes the interval after the value, and a reason where there is no value', () => {
    const format = (value: number) => String(value);
    const { container } = render(
      <>
        <p>
          <Num estimate={{ value: 397, low: 362, high: 433 }} format={format} />
        </p>
        <p>
          <Num estimate={{ value: null, low: null, high: null }} format={format} reason="26 blond, 30 needed" />
        </p>
        <p>
          <NotEstimable reason="no positives" mark />
        </p>
      </>,
    );
    const [value, none, bare] = Array.from(container.querySelectorAll('p'), (p) => p.textContent);
    expect(value).toBe('397 362–433');
    expect(none).toBe('not estimable: 26 blond, 30 needed');
    expect(bare).toContain('no positives');
  });
});

describe('TableTwin', () => {
  it('makes its rows only when it is opened', () => {
    const rows = vi.fn(() => [{ key: 'a', cells: ['0.9', '212', '187–240'] }]);
    render(
      <TableTwin
        caption="CIE by level"
        columns={[{ name: 'level' }, { name: 'CIE', numeric: true }, { name: '95 % interval', interval: true }]}
        rows={rows}
      />,
    );
    expect(rows).not.toHaveBeenCalled();
    const button = screen.getByRole('button', { name: 'Show as table' });
    fireEvent.click(button);
    const table = screen.getByRole('table', { name: 'CIE by level' });
    expect(within(table).getByRole('rowheader').textContent).toBe('0.9');
    expect(within(table).getAllByRole('columnheader')).toHaveLength(3);
    expect(button.getAttribute('aria-expanded')).toBe('true');
  });
});

describe('ErrorBoundary', () => {
  it('keeps the page when a screen fails and can try again', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let broken = true;
    function Screen() {
      if (broken) throw new Error('no such level');
      return <p>evidence</p>;
    }
    render(
      <ErrorBoundary what="The evidence">
        <Screen />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert').textContent).toContain('no such level');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('evidence')).toBeTruthy();
  });
});

describe('StageRail', () => {
  it('names every stage with its state and fact, and marks the current one', () => {
    render(
      <StageRail
        current="plan"
        onHelp={() => undefined}
        onToggleTheme={() => undefined}
        stages={[
          { id: 'data', name: 'Data', state: 'done', fact: '20,000 faces' },
          { id: 'plan', name: 'Plan', state: 'now', fact: 'class hour' },
        ]}
      />,
    );
    const nav = screen.getByRole('navigation', { name: 'Stages' });
    const [data, plan] = within(nav).getAllByRole('link');
    expect(data?.textContent).toBe('Data (done) 20,000 faces');
    expect(plan?.getAttribute('aria-current')).toBe('page');
    expect(plan?.getAttribute('href')).toBe('#/plan');
  });
});

describe('Dialog', () => {
  it('opens modally, is named by its title, and asks to be closed on Escape', () => {
    const show = vi.fn(function (this: HTMLDialogElement) {
      this.open = true;
    });
    const close = vi.fn(function (this: HTMLDialogElement) {
      this.open = false;
    });
    HTMLDialogElement.prototype.showModal = show;
    HTMLDialogElement.prototype.close = close;
    const onClose = vi.fn();
    const { rerender } = render(
      <Dialog open title="Delete this audit?" onClose={onClose}>
        <p>It cannot be taken back.</p>
      </Dialog>,
    );
    const dialog = screen.getByRole('dialog', { name: 'Delete this audit?' });
    expect(show).toHaveBeenCalledTimes(1);
    fireEvent(dialog, new Event('cancel', { cancelable: true }));
    expect(onClose).toHaveBeenCalledTimes(1);
    rerender(
      <Dialog open={false} title="Delete this audit?" onClose={onClose}>
        <p>It cannot be taken back.</p>
      </Dialog>,
    );
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the kit', () => {
  it('has nothing serious that axe finds', async () => {
    const { container } = render(
      <main>
        <h1>Kit</h1>
        <NumberField label="Steps" value={1} onChange={() => undefined} problem="Too few." hint="64 a step" />
        <SelectField label="Column" value="a" options={[{ value: 'a', label: 'A' }]} onChange={() => undefined} />
        <Segmented legend="Order" options={[{ value: 'a', label: 'A' }]} value="a" onChange={() => undefined} />
        <FilePicker onFiles={() => undefined}>Choose files</FilePicker>
        <p>
          A <Term of="cie">CIE</Term>
        </p>
        <LevelScrubber
          levels={[{ level: 'pruned-0.9', label: '0.9', count: 2, track: 'pruned' }]}
          value="pruned-0.9"
          chance={null}
          onChange={() => undefined}
        />
        <Votes rows={[{ label: 'a', baseline: 1, compressed: 0 }]} baselineMembers={1} compressedMembers={1} />
      </main>,
    );
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  });
});
