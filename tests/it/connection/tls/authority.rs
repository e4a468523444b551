//! Certificates for the tests, also invalid ones that no real authority would issue.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};

/// A certificate authority.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its private key, as PEM text.
pub struct Identity {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = params(&[], name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Authority { certificate, issuer: Issuer::new(params, key) }
    }

    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// For `localhost` and its address.
    pub fn server(&self) -> Identity {
        self.issue(params(&["localhost", "127.0.0.1"], "server"))
    }

    pub fn server_named(&self, name: &str) -> Identity {
        self.issue(params(&[name], "server"))
    }

    pub fn nameless_server(&self) -> Identity {
        self.issue(params(&[], "localhost"))
    }

    pub fn expired_server(&self) -> Identity {
        let mut params = params(&["localhost"], "server");
        (params.not_before, params.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
        self.issue(params)
    }

    pub fn future_server(&self) -> Identity {
        let mut params = params(&["localhost"], "server");
        (params.not_before, params.not_after) = (date_time_ymd(3000, 1, 1), date_time_ymd(3001, 1, 1));
        self.issue(params)
    }

    pub fn client(&self) -> Identity {
        let mut params = params(&[], "client");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.issue(params)
    }

    fn issue(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

/// A self-signed certificate, which may be that of an authority.
pub fn self_signed(of_authority: bool) -> Identity {
    let mut params = params(&["localhost"], "self-signed");
    if of_authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().unwrap();
    Identity { certificate: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
}

fn params(names: &[&str], common_name: &str) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}
