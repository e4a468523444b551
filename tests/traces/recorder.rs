//! A tracing subscriber that records spans and events.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard},
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// Records the spans and events of this thread until it is dropped.
pub(crate) struct Recorder {
    recorded: Recorded,
    _default: DefaultGuard,
}

/// A recorded span.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) name: &'static str,
    pub(crate) target: String,
    pub(crate) parent: Option<usize>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// The number of entries of the span, and of those that were not exited.
    pub(crate) entries: usize,
    pub(crate) entered: isize,
    pub(crate) closed: bool,
}

impl Span {
    /// The value of a field, empty if the span has no such field.
    pub(crate) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    /// The values of the fields.
    pub(crate) fn all<const N: usize>(&self, fields: [&str; N]) -> [&str; N] {
        fields.map(|field| self.get(field))
    }
}

impl Recorder {
    pub(crate) fn start() -> Self {
        let recorded = Recorded::default();
        let subscriber = tracing_subscriber::registry().with(recorded.clone());
        Recorder { recorded, _default: tracing::subscriber::set_default(subscriber) }
    }

    /// The spans of typedis in the order in which they began; asserts that each was entered and closed.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let spans: Vec<Span> = self.unfinished();
        for span in &spans {
            assert!(span.closed && span.entries > 0 && span.entered == 0, "{span:?}");
        }
        spans
    }

    pub(crate) fn unfinished(&self) -> Vec<Span> {
        self.recorded.spans().iter().filter(|span| span.target.starts_with("typedis")).cloned().collect()
    }

    /// The only span of typedis; asserts that there is one.
    pub(crate) fn span(&self) -> Span {
        let mut spans = self.spans();
        assert_eq!(spans.len(), 1, "{spans:#?}");
        spans.remove(0)
    }

    /// The name of the parent span.
    pub(crate) fn parent(&self, span: &Span) -> Option<&'static str> {
        span.parent.map(|parent| self.recorded.spans()[parent].name)
    }

    /// All spans and events as text, to search for secrets.
    pub(crate) fn text(&self) -> String {
        format!("{:?} {:?}", self.recorded.spans(), self.recorded.events.lock().unwrap())
    }

    /// The messages of the events of typedis, each with the value of one field.
    pub(crate) fn events(&self, field: &'static str) -> Vec<(String, String)> {
        let events = self.recorded.events.lock().unwrap();
        let ours = events.iter().filter(|event| event.0.contains_key("typedis.connection"));
        ours.map(|event| (event.get("message"), event.get(field))).collect()
    }

    /// Hides the spans recorded so far.
    pub(crate) fn clear(&self) {
        self.recorded.spans().iter_mut().for_each(|span| span.target.insert_str(0, "past "));
    }
}

#[derive(Clone, Default)]
struct Recorded {
    spans: Arc<Mutex<Vec<Span>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

impl Recorded {
    fn spans(&self) -> MutexGuard<'_, Vec<Span>> {
        self.spans.lock().unwrap()
    }
}

/// The index of a span among the recorded ones.
struct SpanIndex(usize);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorded {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let parent = span.parent().and_then(|parent| parent.extensions().get::<SpanIndex>().map(|index| index.0));
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let (name, target) = (attributes.metadata().name(), attributes.metadata().target().to_owned());
        let mut spans = self.spans();
        span.extensions_mut().insert(SpanIndex(spans.len()));
        spans.push(Span { name, target, parent, fields: fields.0, entries: 0, entered: 0, closed: false });
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        record.record(&mut fields);
        let index = index(id, &context);
        for (field, value) in fields.0 {
            let before = self.spans()[index].fields.insert(field, value);
            assert_eq!(before, None, "{field} was recorded twice, which some subscribers show twice");
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.events.lock().unwrap().push(fields);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let index = index(id, &context);
        self.spans()[index].entries += 1;
        self.spans()[index].entered += 1;
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let index = index(id, &context);
        self.spans()[index].entered -= 1;
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let index = index(&id, &context);
        self.spans()[index].closed = true;
    }
}

fn index<S: Subscriber + for<'a> LookupSpan<'a>>(id: &Id, context: &Context<'_, S>) -> usize {
    context.span(id).unwrap().extensions().get::<SpanIndex>().unwrap().0
}

#[derive(Debug, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    fn get(&self, field: &str) -> String {
        self.0.get(field).cloned().unwrap_or_default()
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
