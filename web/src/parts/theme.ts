import { computed, effect, signal } from '@preact/signals';
import { saved } from './saved';

export type Theme = 'system' | 'light' | 'dark';
export const theme = saved<Theme>('theme', 'system');

const system = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = signal(system.matches);
system.addEventListener('change', () => (isSystemDark.value = system.matches));

/** Of this moment: what is drawn cannot follow the style sheet. */
export const isDark = computed(() => (theme.value === 'system' ? isSystemDark.value : theme.value === 'dark'));

effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
});
