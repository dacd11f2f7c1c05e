import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { demoOfAddress } from './demo.ts';
import { useHashPath } from './hash-path.ts';
import { railStages } from './rail-stages.ts';
import type { RailFacts } from './rail-stages.ts';
import { applyTheme, toggleTheme } from './theme.ts';

afterEach(() => {
  cleanup();
  location.hash = '';
  localStorage.clear();
  delete document.documentElement.dataset['theme'];
});

describe('the address', () => {
  it('is a stage without its query', () => {
    location.hash = '#/gallery?level=pruned-0.9';
    function Path() {
      return <p>{useHashPath()[0]}</p>;
    }
    expect(render(<Path />).container.textContent).toBe('/gallery');
  });

  it('starts a demo once: the question is taken out of the address', () => {
    history.replaceState(null, '', '/?demo=faces&backend=webgl#/');
    expect(demoOfAddress(window)).toBe('faces');
    expect(location.search).toBe('?backend=webgl');
    expect(demoOfAddress(window)).toBeNull();
    history.replaceState(null, '', '/?demo=nobody');
    expect(demoOfAddress(window)).toBeNull();
    history.replaceState(null, '', '/');
  });
});

describe('the rail', () => {
  const nothing: RailFacts = {
    data: { kind: 'none' },
    plan: { plan: null, preset: null },
    training: { status: 'idle', done: 0, planned: 0 },
    evidence: { kind: 'none' },
    labels: { current: new Map() },
  };
  it('says of each stage what comes first', () => {
    expect(railStages(nothing, 'data').map(({ name, state, fact }) => `${name} ${state} ${fact}`)).toEqual([
      'Data now not chosen',
      'Plan todo after data',
      'Training todo not started',
      'Evidence todo after training',
      'Gallery todo after training',
      'Report todo after training',
    ]);
  });
  it('counts members while they train', () => {
    const stages = railStages({ ...nothing, training: { status: 'running', done: 137, planned: 210 } }, 'training');
    expect(stages[2]).toMatchObject({ state: 'running', fact: '137 of 210' });
  });
});

describe('the theme', () => {
  it('is remembered', () => {
    document.documentElement.dataset['theme'] = 'light';
    toggleTheme();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    delete document.documentElement.dataset['theme'];
    applyTheme();
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });
});
