import { effect } from '@preact/signals';
import { saved } from './saved';

export type Theme = 'system' | 'light' | 'dark';
export const theme = saved<Theme>('theme', 'system');

effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
});
