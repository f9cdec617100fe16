import { chosenVHost, vhostOfLists } from '../../api/vhosts';
import { place, setQuery } from '../router';

const prefix = 'f.';

/** In the address of a list: it is of all virtual hosts, whichever is chosen. */
export const anyVHost = { vhost: '*' };

export interface Filter {
    field: string;
    value: string;
}

/** How the reader wants a list: kept in the address, with the list's name before it where a page has several. */
export class ListQuery {
    constructor(
        private readonly scope: string,
        private readonly usualSort: string,
        private readonly usualDown: boolean,
        /** By which it follows the choice of one virtual host for all lists; undefined follows none. */
        private readonly vhostField: string | undefined,
    ) {}

    private name = (name: string) => (this.scope ? `${this.scope}.${name}` : name);
    private read = (name: string) => place.value.query.get(this.name(name)) ?? '';
    private write = (name: string, value: string) => setQuery({ [this.name(name)]: value });

    get text() {
        return this.read('q');
    }
    set text(value: string) {
        this.write('q', value);
    }

    get sort() {
        return this.read('sort') || this.usualSort;
    }
    get isDown() {
        return this.read('sort') ? this.read('down') === '1' : this.usualDown;
    }

    /** @param downFirst of figures the greatest is looked for. */
    sortBy(field: string, downFirst: boolean) {
        const down = this.sort === field ? !this.isDown : downFirst;
        setQuery({ [this.name('sort')]: field, [this.name('down')]: down ? '1' : '' });
    }

    /** Those of the address. */
    private get own(): Filter[] {
        const start = this.name(prefix);
        return [...place.value.query]
            .filter(([name]) => name.startsWith(start))
            .map(([name, value]) => ({ field: name.slice(start.length), value }));
    }

    /** The virtual host that all lists are of; empty if this one is of all, or of one that its address names. */
    get vhost(): string {
        const isFree = this.vhostField && place.value.query.get('vhost') !== anyVHost.vhost;
        return isFree && !this.own.some(({ field }) => field === this.vhostField) ? vhostOfLists.value : '';
    }

    /** Whether the reader looks for something, besides in one virtual host. */
    get isNarrow(): boolean {
        return this.text !== '' || this.own.length > 0;
    }

    get filters(): Filter[] {
        const { vhost, vhostField: field = '' } = this;
        return vhost ? [{ field, value: `=${vhost}` }, ...this.own] : this.own;
    }

    /** @param value empty takes it out; the virtual host that all lists are of, out of all. */
    filter(field: string, value: string) {
        if (!value && field === this.vhostField && this.vhost) chosenVHost.value = '';
        else this.write(prefix + field, value);
    }

    /** What the broker is asked, but for the page. */
    parameters(columns: string, fixed: Record<string, string>): string {
        const query = new URLSearchParams(fixed);
        if (this.text) query.set('name', this.text);
        if (this.sort) {
            query.set('sort', this.sort);
            if (this.isDown) query.set('sort_reverse', 'true');
        }
        for (const { field, value } of this.filters) query.set(`filter.${field}`, value);
        if (columns) query.set('columns', columns);
        return query.toString();
    }
}
