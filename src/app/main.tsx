import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { refreshLibrary, reopenLast, runDemo } from '#store/library.ts';
import { provideServices } from '#store/services.ts';
import '#ui/kit/kit.css';
import { App } from './app.tsx';
import { demoOfAddress } from './demo.ts';
import { createServices } from './services.ts';
import { applyTheme } from './theme.ts';

applyTheme();
provideServices(createServices());
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void refreshLibrary();
const demo = demoOfAddress(window);
if (demo !== null) void runDemo(demo);
else if (/^#\/./.test(location.hash)) void reopenLast();
