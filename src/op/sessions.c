/* See sessions.h. */
#include "op/sessions.h"

static weir_session *session_at(const weir_sessions *self, weir_ref ref) { return weir_state_write(self->state, ref); }
static weir_status no_memory(const weir_sessions *self, weir_error *error) {
    return weir_fail_memory(error, self->context->name, self->block_bytes);
}

weir_status weir_sessions_init(weir_sessions *self, const weir_operator_context *context, weir_state *state,
                               const weir_type *const *input_types, const uint32_t *keys, uint32_t key_count, const weir_window *window,
                               uint32_t block_bytes, weir_error *error) {
    *self = (weir_sessions){.context = context,
                            .state = state,
                            .shift = weir_window_shift_of(context, window->time_is_ltz),
                            .gap_ms = window->size_ms,
                            .block_bytes = block_bytes,
                            .watermark_ms = WEIR_WATERMARK_NONE};
    const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, key_count + 1);
    for (uint32_t i = 0; types != NULL && i < key_count; i++)
        types[i] = input_types[keys[i]];
    if (types != NULL)
        self->keyed = weir_keyed_create(state, context->arena, "keys", types, key_count, sizeof(weir_session_key));
    if (self->keyed != NULL)
        self->timers = weir_timers_create(state, context->arena, "sessions");
    return self->timers != NULL ? WEIR_OK : no_memory(self, error);
}

void weir_sessions_deinit(weir_sessions *self) {
    if (self->context == NULL)
        return;
    weir_memory_free(self->context->memory, self->idle, self->idle_capacity * sizeof(weir_ref));
    weir_timers_destroy(self->timers);
    weir_keyed_destroy(self->keyed);
}

weir_status weir_sessions_key_idle(weir_sessions *self, weir_session_key *key, weir_error *error) {
    if (key->listed || key->sessions != 0)
        return WEIR_OK;
    if (!weir_memory_grow(self->context->memory, (void **)&self->idle, &self->idle_capacity, self->idle_count + 1, sizeof(weir_ref)))
        return no_memory(self, error);
    key->listed = 1;
    self->idle[self->idle_count++] = weir_keyed_ref(self->keyed, key);
    return WEIR_OK;
}

void weir_sessions_sweep(weir_sessions *self) {
    for (size_t i = 0; i < self->idle_count; i++) {
        weir_session_key *key = weir_keyed_value(self->keyed, self->idle[i]);
        key->listed = 0;
        if (key->sessions == 0)
            weir_keyed_remove(self->keyed, key);
    }
    self->idle_count = 0;
    atomic_store_explicit(&self->context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static bool timer_set(weir_sessions *self, weir_session_key *key, weir_session *of) {
    of->timer_ms = weir_window_trigger_ms(&self->shift, of->end_ms);
    return weir_timers_add(self->timers, of->timer_ms, weir_keyed_ref(self->keyed, key));
}

static weir_session *session_new(weir_sessions *self, weir_session_key *key, weir_ref *link, int64_t start_ms, int64_t end_ms) {
    weir_ref ref = weir_state_alloc(self->state, self->block_bytes);
    if (ref == 0)
        return NULL;
    weir_session *made = session_at(self, ref);
    made->start_ms = start_ms;
    made->end_ms = end_ms;
    made->next = *link;
    if (!timer_set(self, key, made)) {
        weir_state_free(self->state, ref, self->block_bytes);
        return NULL;
    }
    *link = ref;
    return made;
}

static weir_status session_absorb(weir_sessions *self, weir_session_key *key, weir_session *into, weir_error *error) {
    weir_ref ref = into->next;
    weir_session *other = session_at(self, ref);
    WEIR_TRY(self->absorb(self->owner, into, other, error));
    weir_timers_remove(self->timers, other->timer_ms, weir_keyed_ref(self->keyed, key));
    into->start_ms = other->start_ms < into->start_ms ? other->start_ms : into->start_ms;
    into->end_ms = other->end_ms > into->end_ms ? other->end_ms : into->end_ms;
    into->count += other->count;
    into->next = other->next;
    weir_state_free(self->state, ref, self->block_bytes);
    return WEIR_OK;
}

weir_status weir_sessions_take(weir_sessions *self, weir_session_key *key, int64_t time_ms, weir_session **out, weir_error *error) {
    int64_t start_ms = time_ms, end_ms = time_ms + self->gap_ms;
    weir_ref *link = &key->sessions;
    weir_session *here = NULL;
    *out = NULL;
    while (*link != 0 && (here = session_at(self, *link))->start_ms > end_ms)
        link = &here->next;
    if (*link == 0 || here->end_ms < start_ms) {
        if (self->watermark_ms != WEIR_WATERMARK_NONE && weir_window_trigger_ms(&self->shift, end_ms) <= self->watermark_ms)
            return WEIR_OK;
        *out = session_new(self, key, link, start_ms, end_ms);
        return *out != NULL ? WEIR_OK : no_memory(self, error);
    }
    here->start_ms = start_ms < here->start_ms ? start_ms : here->start_ms;
    here->end_ms = end_ms > here->end_ms ? end_ms : here->end_ms;
    while (here->next != 0 && session_at(self, here->next)->end_ms >= here->start_ms)
        WEIR_TRY(session_absorb(self, key, here, error));
    *out = here;
    return WEIR_OK;
}

weir_status weir_sessions_pop(weir_sessions *self, int64_t now_ms, weir_session_key **key_out, weir_session **out, weir_ref *ref,
                              weir_error *error) {
    int64_t time_ms;
    weir_ref key_ref;
    *out = NULL;
    while (weir_timers_pop(self->timers, now_ms, &time_ms, &key_ref)) {
        weir_session_key *key = weir_keyed_value(self->keyed, key_ref);
        weir_ref *link = &key->sessions;
        weir_session *here = NULL;
        while (*link != 0 && (here = session_at(self, *link))->timer_ms != time_ms)
            link = &here->next;
        if (*link == 0)
            continue;
        if (weir_window_trigger_ms(&self->shift, here->end_ms) > time_ms) {
            if (!timer_set(self, key, here))
                return no_memory(self, error);
            continue;
        }
        *ref = *link;
        *link = here->next;
        *key_out = key;
        *out = here;
        return WEIR_OK;
    }
    return WEIR_OK;
}

weir_status weir_sessions_give_back(weir_sessions *self, weir_session_key *key, weir_ref ref, weir_error *error) {
    weir_state_free(self->state, ref, self->block_bytes);
    return weir_sessions_key_idle(self, key, error);
}
